"""The parts of an activity that come once, and who takes part in it, merged with those published: see merge.py."""

from programs.exchange.iati import vocabulary as words
from programs.exchange.iati import write
from programs.exchange.iati.converting import texts
from programs.exchange.iati.merging import Merging
from programs.exchange.iati.node import Node
from programs.exchange.iati.own_files import INVALID
from programs.exchange.iati.parts import organization
from programs.exchange.iati.reader import DEFAULT_CODES
from programs.exchange.iati.values import clean, parse_date
from programs.services import ParticipationData


class ElementsOnce(Merging):
    """Who reports the activity and takes part, its texts, status, dates and default codes."""

    def _identity(self) -> None:
        self._take_out("iati-identifier")
        write.element("iati-identifier", self.activity).text = write.printable(self.data.identifier)
        reporter = self.known.organizations[self.data.reporting_org_id]
        child = None
        for said in self._take_out("reporting-org"):
            is_it = self.importer.organization(organization(Node(said), self.language)) == reporter.pk
            if is_it and child is None:
                child = said
            elif self.said.reporting_org and not is_it:  # a further reporter: the standard has one
                self._keep(said)
        child = write.organization("reporting-org", reporter) if child is None else child
        for name, value in (("ref", reporter.ref), ("type", reporter.kind)):
            if not child.get(name):
                child.set(name, value)
        if self.data.is_secondary_report != self.said.is_secondary_report:
            child.set("secondary-reporter", "1" if self.data.is_secondary_report else "0")
        if not Node(child).text:
            write.narrative(child, reporter.name)
        self._add([child])

    def _texts(self) -> None:
        wanted = (self.data.language, self.data.title, self.data.description, self.data.translations)
        if self.as_taken is not None and texts(self.said) == wanted:
            return
        self._take_out("title")
        self._take_out("description")
        title = write.element("title")
        said = [(self.data.language, self.data.title, self.data.description)]
        said += [(row.language, row.title, row.description) for row in self.data.translations]
        for language, words_of_title, _description in said:
            write.narrative(title, words_of_title, language)
        self._add([title] if len(title) else [])
        # A paragraph an element, as the reader joins them: spaces make no difference in a narrative.
        paragraphs = [(language, text.split("\n\n")) for language, _title, text in said if text]
        for number in range(max((len(parts) for _language, parts in paragraphs), default=0)):
            description = write.element("description", type="1" if number == 0 else None)
            for language, parts in paragraphs:
                write.narrative(description, parts[number].strip() if number < len(parts) else "", language)
            self._add([description] if len(description) else [])

    def _participants(self) -> None:
        wanted = {(row.organization_id, row.role): row for row in self.data.participations}
        missing = dict(wanted)
        for child in self._take_out("participating-org"):
            role = words.ROLES.get(clean(child.get("role")).lower())
            taking_part = organization(Node(child), self.language)
            if not taking_part or role is None:
                self._add([child])  # not modelled
                continue
            key = (self.importer.organization(taking_part) or 0, role)
            row = wanted.get(key)
            is_further = row is not None and key not in missing
            if row is not None and (
                is_further or row == ParticipationData(*key, activity_identifier=clean(child.get("activity-id"))[:255])
            ):
                self._add([child])
                missing.pop(key, None)
        self._add(write.participation(row, self.known.organizations) for row in missing.values())

    def _status_and_dates(self) -> None:
        if self.said.status != self.data.status or self.data.status is None:
            for child in self._take_out("activity-status"):
                if self.said.status is None and clean(child.get("code")):
                    self._keep(child)  # a code of no list
            if self.data.status:
                write.element("activity-status", self.activity, code=self.data.status)
        missing = {kind: day for kind in write.DATE_TYPES if (day := getattr(self.data, kind)) is not None}
        for child in self._take_out("activity-date"):
            kind = words.DATE_TYPES.get(clean(child.get("type")).lower().replace(" ", "-").replace("_", "-"))
            day = parse_date(child.get("iso-date"))
            if kind is None or day is None:
                self._keep(child, INVALID)
            elif missing.get(kind) == day:
                self._add([child])
                del missing[kind]
            elif self.said.dates.get(kind) != day:  # a second date of a kind, beside the one that is taken
                self._keep(child, INVALID)
        for kind, day in missing.items():
            write.day("activity-date", day, self.activity, type=write.DATE_TYPES[kind])

    def _codes(self) -> None:
        for name, (attribute, _longest) in DEFAULT_CODES.items():
            value = getattr(self.data, attribute)
            if self.said.codes.get(attribute, "") == value:
                continue
            for child in self.activity.findall(name):
                if name != "default-aid-type" or clean(child.get("vocabulary")) in words.DAC_AID_TYPE_VOCABULARIES:
                    self.activity.remove(child)
            if value:
                write.element(name, self.activity, code=value)
