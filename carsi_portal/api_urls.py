"""Addresses of the API."""

from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import include, path, re_path, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.routers import DefaultRouter

from carsi_portal.errors import not_found
from core.api.docs import api_docs
from core.api.schema_view import SchemaView
from donors.api import MeView
from goals.api import AreaViewSet, CountryViewSet, ExchangeRateViewSet, GoalViewSet, SectorViewSet
from programs.agreements.api import AgreementViewSet
from programs.api.transactions import TransactionViewSet
from programs.discussion.api import CommentViewSet
from programs.exchange.api import ProgramFormatsViewSet
from programs.exchange.api_dumps import DumpViewSet
from programs.exchange.api_imports import ImportViewSet
from programs.overlap.api import OverlapViewSet
from programs.overlap.api_accuracy import AccuracyView
from programs.overlap.api_saved import SavedSearchViewSet
from programs.overlap.api_uncertain import UncertainPairViewSet
from programs.priorities.api import PriorityViewSet
from programs.region.api import GapViewSet, MatrixViewSet, OrganizationViewSet, YearViewSet
from programs.region.api_money import MoneyViewSet
from programs.region.api_search import SearchViewSet
from programs.reports.api import OverlapReportViewSet


def nowhere(request: HttpRequest) -> HttpResponseBase:
    """404 as a problem; or on to the address with a slash at its end (308: with the same method and body)."""
    if not request.path.endswith("/") and resolve(f"{request.path}/").url_name:
        there = request.get_full_path(force_append_slash=True)
        answer = HttpResponsePermanentRedirect(there)
        answer.status_code = 308
        return answer
    return not_found(request, Exception("no such address"))


class Router(DefaultRouter):
    """The framework's; the list of addresses names those too that are no list of things."""

    def get_api_root_view(self, api_urls: Any = None) -> Any:
        names = {prefix: self.routes[0].name.format(basename=basename) for prefix, _, basename in self.registry}
        return self.APIRootView.as_view(api_root_dict={**names, "me": "me", "accuracy": "accuracy"})


router = Router(use_regex_path=False)
router.include_format_suffixes = False
router.register("goals", GoalViewSet)
router.register("countries", CountryViewSet)
router.register("areas", AreaViewSet)
router.register("sectors", SectorViewSet)
router.register("exchange-rates", ExchangeRateViewSet)
router.register("organizations", OrganizationViewSet)
router.register("programs", ProgramFormatsViewSet)
router.register("transactions", TransactionViewSet)
router.register("overlaps", OverlapViewSet)
router.register("uncertain-pairs", UncertainPairViewSet, basename="uncertain-pair")
router.register("saved-searches", SavedSearchViewSet, basename="saved-search")
router.register("agreements", AgreementViewSet)
router.register("priorities", PriorityViewSet)
router.register("comments", CommentViewSet)
router.register("imports", ImportViewSet)
router.register("reports", OverlapReportViewSet, basename="report")
router.register("dumps", DumpViewSet)
router.register("gaps", GapViewSet, basename="gap")
router.register("matrix", MatrixViewSet, basename="matrix")
router.register("money", MoneyViewSet, basename="money")
router.register("search", SearchViewSet, basename="search")
router.register("years", YearViewSet, basename="year")

urlpatterns = [
    path("v1/", include(router.urls)),
    path("v1/me/", MeView.as_view(), name="me"),
    path("v1/accuracy/", AccuracyView.as_view(), name="accuracy"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", api_docs, name="api-docs"),
    # What is no address of the API is answered as the API answers.
    re_path(r"^.*$", csrf_exempt(nowhere)),
]
