from django.urls import path

from programs.region import money_views, search_views, views

app_name = "region"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search_views.search, name="search"),
    path("gaps/", views.gap_list, name="gaps"),
    path("money/", money_views.money_way, name="money"),
    path("money.csv", money_views.money_way_sheet, name="money_sheet"),
    path("money/programs/", money_views.money_behind, name="money_behind"),
    path("region/<slug:name>.<str:format>", views.picture, name="picture"),
    path("my-organization/", views.my_organization, name="my_organization"),
    path("donors/", views.donor_list, name="donors"),
    path("donors/<int:pk>/", views.donor_detail, name="donor"),
]
