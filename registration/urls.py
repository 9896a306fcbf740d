"""The counter's addresses: a case by its number, nothing of a person."""

from django.urls import include, path

from registration.views import (
    applications,
    case,
    confirming,
    desks,
    forms,
    history,
    issuing,
    papers,
    readings,
    scans,
    sheets,
    steps,
    worklist,
)

app_name = "registration"

_case = [
    path("", case.show, name="case"),
    path("live/", case.live, name="case_live"),
    path("history/", history.show, name="case_history"),
    path("jmbg/", case.reveal, name="case_jmbg"),
    path("correct/", applications.correct, name="case_correct"),
    path("read-card/", steps.read_card, name="case_read"),
    path("identity/", steps.check_identity, name="case_identity"),
    path("print/", steps.print_packet, name="case_print"),
    path("reprint/", steps.reprint, name="case_reprint"),
    path("signatures/", steps.sign, name="case_sign"),
    path("signatures/<int:pk>/withdraw/", steps.unsign, name="case_unsign"),
    path("issue/", issuing.start, name="case_issue"),
    path("resume/", issuing.resume, name="case_resume"),
    path("give-up/", issuing.give_up, name="case_give_up"),
    path("recall/", issuing.recall, name="case_recall"),
    path("receipt/", steps.receipt, name="case_receipt"),
    path("label/", papers.label, name="case_label"),
    path("hand-over/", steps.hand_over, name="case_hand_over"),
    path("file/", steps.file, name="case_file"),
    path("withdraw/", steps.withdraw, name="case_withdraw"),
    path("refuse/", steps.refuse, name="case_refuse"),
    path("packets/<int:run>/", papers.packet, name="packet"),
    path("packets/<int:run>/print/", papers.window, name="print_window"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/scan/", papers.scan, name="paper_scan"),
    path("papers/<int:pk>/<int:page>/", papers.page, name="page"),
]
_scans = [
    path("", scans.scan_list, name="scans"),
    path("live/", scans.list_live, name="scans_live"),
    path("tray/", sheets.tray, name="tray"),
    path("<uuid:pk>/", scans.stack, name="scan_stack"),
    path("<uuid:pk>/live/", scans.stack_live, name="scan_stack_live"),
    path("<uuid:pk>/file/", scans.content, name="scan_file"),
    path("<uuid:pk>/discard/", scans.discard, name="scan_discard"),
    path("<uuid:pk>/confirm/", confirming.queue, name="scan_queue"),
    path("<uuid:pk>/papers/<int:paper>/", confirming.paper, name="scan_paper"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/picture/", sheets.picture, name="sheet_picture"),
    path("sheets/<int:pk>/set-aside/", sheets.set_aside, name="sheet_set_aside"),
    path("sheets/<int:pk>/take-instead/", sheets.take_instead, name="sheet_take_instead"),
    path("marks/<int:pk>/", sheets.mark, name="mark"),
]
urlpatterns = [
    path("forms/obrazac-1-<slug:script>.pdf", forms.request, name="form_1"),
    path("cases/", worklist.case_list, name="case_list"),
    path("cases/new/", applications.new, name="case_new"),
    path("cases/<str:number>/", include(_case)),
    path("scans/", include(_scans)),
    path("desks/", desks.show, name="desks"),
    path("readings/", readings.ask, name="reading_ask"),
    path("readings/<uuid:pk>/", readings.show, name="reading"),
    path("readings/<uuid:pk>/portrait/", readings.portrait, name="portrait"),
]
