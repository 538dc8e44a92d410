/** Every sentence of the staff screens, in English. */
import type { Word } from './zh'

export const en: Record<Word, string> = {
  'yes': 'Yes', 'no': 'No', 'none': '—', 'cancel': 'Cancel', 'again': 'Try again', 'download': 'Download', 'back': 'Back', 'print': 'Print work order',

  'time.just_now': 'just now', 'time.ago': '{span} ago', 'time.left': '{span} left', 'time.overdue': '{span} late', 'time.under_minute': 'under 1 min',
  'time.minutes': '{n} min', 'time.hours': '{n} h', 'time.days': '{n} d', 'due.until': 'Due {at}',

  'error.offline': 'The server cannot be reached. What you typed is still here; try again when the network is back.', 'error.forbidden': 'This step is outside your duty.',
  'error.required': 'Required', 'error.unknown': 'Something went wrong. Try again; if it stays, tell your administrator.',

  'light.live': 'Live', 'light.catching_up': 'Catching up', 'light.offline': 'Offline', 'light.entry': 'Last entry: no. {entry}',

  'nav.screens': 'Screens', 'nav.desk': 'Desk', 'nav.portal': 'Portal', 'nav.supervision': 'Supervision', 'nav.account': 'My account', 'nav.logout': 'Sign out',
  'theme.label': 'Appearance', 'theme.auto': 'as the system', 'theme.light': 'light', 'theme.dark': 'dark', 'language.other': '中文',
  'role.agent': 'Agent', 'role.lead': 'Shift lead', 'role.department': 'Department', 'role.supervisor': 'Supervisor', 'role.quality': 'Quality', 'role.admin': 'Administrator',
  'role.auditor': 'Auditor',

  'channel.wechat': 'WeChat', 'channel.sms': 'SMS', 'channel.web': 'Web', 'channel.phone': 'Phone', 'channel.api': 'Other platform', 'channel.weibo': 'Weibo',
  'type.consultation': 'Consultation', 'type.help': 'Help', 'type.complaint': 'Complaint', 'type.report': 'Report', 'type.suggestion': 'Suggestion', 'type.praise': 'Praise',
  'type.other': 'Other', 'urgency.normal': 'Normal', 'urgency.urgent': 'Urgent', 'urgency.critical': 'Critical',

  'state.received': 'Received', 'state.awaiting_info': 'Awaiting information', 'state.accepted': 'To be dispatched', 'state.dispatched': 'To be signed for', 'state.handling': 'In handling',
  'state.return_review': 'Return under review', 'state.suspended': 'Suspended', 'state.answer_review': 'Answer under review', 'state.follow_up': 'To be called back', 'state.rework': 'Rework', 'state.closed': 'Closed',
  'state.archived': 'Archived', 'state.refused': 'Not accepted', 'state.emergency': 'Handed to emergency', 'state.merged': 'Merged', 'state.withdrawn': 'Withdrawn',

  'work.label': 'My state', 'work.idle': 'Ready', 'work.busy': 'Busy', 'work.wrapup': 'Wrap-up', 'work.offline': 'Away', 'busy.break': 'break', 'busy.meal': 'meal',
  'busy.training': 'training', 'busy.meeting': 'meeting', 'today.label': 'My work today', 'today.answered': 'answered', 'today.dispatched': 'dispatched', 'today.mean': 'mean',

  'search.label': 'Search tickets', 'search.placeholder': 'Number, words, place', 'search.clear': 'Clear search',
  'queue.label': 'Queues', 'queue.pending': 'New', 'queue.mine': 'Mine', 'queue.to_dispatch': 'Dispatch', 'queue.to_review': 'Review', 'queue.to_follow_up': 'Call back',
  'queue.supervised': 'Watched', 'queue.held': '{n} new', 'queue.end': 'All {n} shown', 'queue.empty': 'Nothing here now',
  'queue.empty.pending': 'New requests of citizens appear here by themselves.', 'queue.empty.mine': 'Tickets that you accepted and that are still open appear here.',
  'queue.empty.to_dispatch': 'Accepted tickets that wait for a department appear here.', 'queue.empty.to_review': 'Answers and returns that wait for a reviewer appear here.',
  'queue.empty.to_follow_up': 'Tickets to be called back before closing appear here.', 'queue.empty.supervised': 'Tickets under supervision appear here.',
  'queue.failed': 'The queue could not be loaded', 'queue.failed_text': 'The server did not answer. Try again in a moment.', 'queue.no_match': 'No ticket matches',
  'queue.no_match_text': 'Try other words, or the last digits of the number.', 'queue.clear': 'Clear search', 'row.no_words': '(no words)', 'row.unread': 'unread', 'row.moved': 'now {state}',

  'conversation.label': 'Conversation', 'conversation.empty': 'Choose a ticket on the left', 'conversation.empty_text': 'Words, voice, images and replies appear here in order.',
  'conversation.failed': 'The ticket could not be loaded', 'head.copy': 'Copy the number', 'head.copied': 'Number copied', 'head.looking': '{names} here too',
  'thread.label': 'Messages', 'thread.empty': 'No messages yet.', 'thread.citizen': 'Citizen', 'thread.internal': 'Internal note · {name}', 'thread.image': 'Image from the citizen',
  'delivery.queued': 'sending', 'delivery.sent': 'delivered', 'delivery.failed': 'not delivered', 'voice.play': 'Play voice message', 'voice.pause': 'Pause', 'voice.seek': 'Position',
  'voice.broken': 'This browser cannot play the recording.', 'voice.pending': 'Being transcribed…', 'voice.failed': 'Transcription failed; please listen.', 'voice.no_model': 'No transcript: no model. Please listen.',
  'composer.label': 'Reply to the citizen', 'composer.by': 'Reply by {channel}', 'composer.none': 'This channel cannot be answered', 'composer.window': '{span} left of 48 h',
  'composer.window_over': 'Window over: a template notice is sent', 'composer.placeholder': 'Words to the citizen…', 'composer.closed': 'The citizen cannot be answered in this state', 'composer.hint': 'reply · send',
  'composer.send': 'Send', 'draft.clean': 'No draft', 'draft.typing': 'typing', 'draft.saved': 'draft saved', 'draft.unsaved': 'draft not saved, trying again',

  'panel.label': 'Ticket', 'panel.ticket': 'Ticket', 'panel.course': 'History', 'panel.caller': 'Citizen', 'panel.suggested': 'suggested', 'panel.sure': '{n}% sure',
  'panel.filled': '{n} fields suggested', 'panel.take': 'Take all', 'panel.undo': 'Undo', 'panel.undone': 'Suggestions undone', 'panel.save': 'Save changes', 'panel.rating': 'Rating',
  'ticket.type': 'Type', 'ticket.type_label': 'Type', 'ticket.matter': 'Matter', 'ticket.matter_name': 'Matter', 'ticket.title': 'Title', 'ticket.area': 'Area',
  'ticket.address': 'Address', 'ticket.place': 'Place', 'ticket.urgency': 'Urgency', 'ticket.confidential': 'Secret', 'ticket.summary': 'Summary', 'ticket.state_label': 'State',
  'ticket.department_name': 'Unit', 'ticket.text': 'Words',
  'pick.type': 'Choose a type', 'pick.matter': 'Search matters', 'pick.area': 'Choose district, street', 'pick.unit': 'Search units', 'pick.reason': 'Choose a reason', 'pick.ticket': 'Search by number or title',
  'units.label': 'Suggested units', 'units.none': 'No suggestion yet. Set matter and area, then choose the unit yourself.', 'units.abstain': 'The assistant is not sure; please decide.', 'units.similar': '{n} similar closed tickets',
  'reason.word': 'words', 'reason.catalogue': 'duty', 'reason.place': 'place', 'reason.similar': 'similar', 'reason.rule': 'rule',
  'caller.label': 'Citizen', 'caller.nameless': 'No name', 'caller.no_phone': 'No phone', 'caller.unmask': 'Show in full',
  'caller.unmask_text': 'Looking at the full name and phone is recorded. Say what for.', 'caller.unmask_reason': 'Purpose, e.g. calling back to check the address', 'caller.confidential': 'The citizen asked for confidentiality: never name them to those concerned.',
  'caller.hidden': 'The citizen asked for confidentiality: departments do not see who asked.', 'caller.history': 'Other requests ({n})', 'caller.first': 'This is their first request.', 'assignment.lead': 'lead', 'assignment.assisting': 'assisting',
  'unit.signed': 'signed {at}', 'unit.auto_signed': 'signed automatically {at}', 'unit.unsigned': 'not signed yet', 'unit.answered': 'answered {at}', 'unit.public': 'Public answer', 'unit.internal': 'Internal note',
  'clock.why': 'why this date?', 'timeline.system': 'System', 'timeline.days': '{n} working days',
  'actions.more': 'More actions', 'actions.none': '{state}: nothing for you to do.', 'done': '{verb}: done, now {state}',

  'verb.accept': 'Accept', 'verb.edit': 'Edit', 'verb.reply': 'Reply', 'verb.dispatch': 'Dispatch', 'verb.answer-directly': 'Answer directly', 'verb.request-info': 'Ask for details',
  'verb.refuse': 'Do not accept', 'verb.emergency': 'Hand to emergency', 'verb.sign': 'Sign for', 'verb.contact': 'Record contact', 'verb.return': 'Return', 'verb.rule-on-return': 'Rule on return',
  'verb.request-extension': 'Request extension', 'verb.rule-on-extension': 'Rule on extension', 'verb.suspend': 'Suspend', 'verb.resume': 'Resume', 'verb.answer': 'Answer', 'verb.review': 'Review answer',
  'verb.follow-up': 'Call back', 'verb.rework': 'Rework', 'verb.close': 'Close', 'verb.archive': 'Archive', 'verb.merge': 'Merge', 'verb.urge': 'Urge', 'verb.supervise': 'Supervise',
  'verb.note': 'Internal note', 'verb.withdraw': 'Withdraw', 'verb.other': 'Handle',
  'sure.any': 'Take this step?', 'sure.sign': 'Your unit answers for it from now; the limit runs since dispatch.', 'sure.resume': 'The clocks run on from now.',
  'told': 'The citizen is told these words by {channel}.',
  'field.note': 'Note', 'field.note_text': 'Note', 'field.reason': 'Reason', 'field.reply': 'Reply', 'field.lead_unit': 'Lead unit', 'field.assisting': 'Assisting units',
  'field.public_answer': 'Answer to the citizen', 'field.internal_answer': 'Internal handling note', 'field.question': 'What is needed from the citizen', 'field.refuse_reason': 'Why it is not accepted', 'field.door': 'Where the citizen should go',
  'field.service': 'Hand to', 'field.reference': 'Their reference', 'field.whom': 'Whom', 'field.contacted_at': 'When', 'field.number': 'Number called', 'field.return_reason': 'Reason',
  'field.basis': 'Legal or duty basis', 'field.proposed': 'Unit proposed', 'field.upheld': 'Uphold the return', 'field.moved_to': 'Move to', 'field.working_days': 'Working days',
  'field.granted': 'Grant it', 'field.solved': 'Solved', 'field.contacted': 'Citizen contacted', 'field.approved': 'Approve the answer', 'field.reached': 'Reached', 'field.satisfied': 'Satisfied',
  'field.into': 'Merge into', 'field.level': 'Level',
  'hint.door': 'e.g. the court’s filing office, phone …', 'hint.number': 'The number that was really called', 'hint.basis': 'Name the article or duty; the ruling compares it with the catalogue.', 'hint.upheld': 'After a ruling the unit cannot return it again.',
  'hint.public_answer': 'The citizen sees exactly these words.', 'hint.internal_answer': 'Only staff see this.', 'hint.approved': 'An approved answer goes to the citizen; otherwise back to the unit.', 'hint.into': 'This ticket ends; the chosen one goes on.',
  'hint.note': 'Citizens never see notes.', 'hint.confidential': 'Departments then do not see who asked.',
  'refuse.litigation': 'Litigation or arbitration', 'refuse.discipline': 'Discipline inspection', 'refuse.reconsideration': 'Administrative reconsideration', 'refuse.disclosure': 'Information disclosure request', 'refuse.petition': 'Petition procedure',
  'refuse.secret': 'State or trade secrets, or privacy', 'refuse.other': 'Other', 'service.110': '110 police', 'service.119': '119 fire', 'service.120': '120 ambulance', 'service.122': '122 traffic',
  'level.1': 'Level 1', 'level.2': 'Level 2', 'level.3': 'Level 3', 'satisfied.5': 'Very satisfied', 'satisfied.4': 'Satisfied', 'satisfied.3': 'Fairly', 'satisfied.2': 'Dissatisfied', 'satisfied.1': 'Very dissatisfied',

  'conflict.title': 'This ticket has just changed', 'conflict.lead': 'You meant to “{verb}”, but the ticket changed meanwhile. Nothing you typed is lost.', 'conflict.mine': 'Yours', 'conflict.theirs': 'The ticket now · {name}',
  'conflict.somebody': 'a colleague', 'conflict.words_only': 'Words were added; the fields are the same.', 'conflict.not_possible': 'It is now “{state}”: this step is no longer possible.', 'conflict.give_up': 'Drop mine, show the ticket',
  'conflict.resend': 'Send on the ticket as it is now',

  'keys.title': 'Keyboard', 'keys.move': 'move', 'keys.open': 'open', 'keys.accept': 'accept', 'keys.take': 'take the suggestions', 'keys.undo': 'undo the suggestions', 'keys.unit': 'choose a suggested unit',
  'keys.dispatch': 'dispatch', 'keys.reply': 'reply', 'keys.note': 'internal note', 'keys.search': 'search', 'keys.command': 'command bar', 'keys.send': 'send', 'keys.close': 'close', 'keys.help': 'all keys',
  'command.label': 'Commands', 'command.placeholder': 'A command, or words to search', 'command.search': 'Search “{words}”', 'command.group.ticket': 'Ticket', 'command.group.queue': 'Queue', 'command.group.screen': 'Screen',
  'command.group.search': 'Search',

  'group.label': 'Groups', 'group.to_sign': 'To sign for', 'group.handling': 'In handling', 'group.return_refused': 'Return refused', 'group.extension': 'Extension', 'group.awaiting_info': 'Awaiting info', 'group.done': 'Done',
  'group.empty.to_sign': 'Tickets dispatched to you that wait for your signature appear here.', 'group.empty.handling': 'Tickets that you signed for appear here.', 'group.empty.return_refused': 'Tickets whose return was refused appear here.',
  'group.empty.extension': 'Tickets with an extension appear here.', 'group.empty.awaiting_info': 'Tickets that wait for the citizen appear here.', 'group.empty.done': 'Tickets that you answered appear here.',
  'portal.empty': 'Choose a ticket', 'portal.empty_text': 'The soonest deadline stands first.', 'portal.request': 'Request', 'portal.place': 'Place', 'portal.person': 'Citizen', 'portal.clocks': 'Limits', 'portal.course': 'History',
  'portal.units': 'Units', 'portal.messages': 'Messages', 'portal.more': 'Show more', 'portal.export': 'Export to Excel', 'portal.order': '12345 hotline work order', 'portal.printed': 'Printed {at}', 'portal.number': 'Number',
  'portal.received': 'Received', 'portal.sign_here': 'Handled by (signature)', 'portal.lead_here': 'Head of unit (signature)',

  'evidence.label': 'Evidence', 'evidence.identity': 'Identity', 'evidence.contact': 'Contact', 'evidence.handling': 'Handling', 'evidence.citizen': 'From the citizen', 'evidence.add': 'Upload',
  'evidence.none': 'Photos, recordings and papers can be uploaded here for the reviewer.', 'evidence.kind': 'Kind of evidence', 'evidence.added': 'Uploaded',

  'supervision.open': 'Open', 'supervision.late': 'Late', 'supervision.due_soon': 'Due soon', 'supervision.units': 'Open by unit', 'supervision.unit': 'Unit', 'supervision.rates': 'Rates',
  'supervision.rates_text': 'Formulas are configurable; with few samples read the interval, not the rank.', 'supervision.formula': 'Formula', 'supervision.sample': '{numerator} / {denominator}', 'supervision.interval': '95% interval {low}–{high}',
  'supervision.no_sample': 'too few', 'supervision.urgent_list': 'Late and due soon', 'supervision.channels': 'Channels', 'supervision.states': 'Stages', 'supervision.none_late': 'Nothing is late or due soon',
  'supervision.none_late_text': 'Tickets appear here by themselves.', 'supervision.failed': 'The figures could not be loaded', 'supervision.share': '{n}% of open', 'supervision.updated': 'Updated {at}', 'supervision.all_units': 'All {n} units',
  'supervision.fewer': 'Fewer', 'supervision.filter': 'Only {unit}', 'supervision.all': 'All units',
}
