/** Every sentence of the staff screens, in Chinese. */
export const zh = {
  'yes': '是', 'no': '否', 'none': '—', 'cancel': '取消', 'again': '重试', 'download': '下载', 'back': '返回', 'print': '打印工单',

  'time.just_now': '刚刚', 'time.ago': '{span}前', 'time.left': '剩 {span}', 'time.overdue': '超 {span}', 'time.under_minute': '不到1分钟',
  'time.minutes': '{n}分钟', 'time.hours': '{n}小时', 'time.days': '{n}天', 'due.until': '截止 {at}',

  'error.offline': '连不上服务器。已输入的内容还在，网络恢复后再试一次。', 'error.forbidden': '您没有办理这一步的权限。',
  'error.required': '此项必填', 'error.unknown': '出了点问题，请重试；若一直如此，请联系管理员。',

  'light.live': '实时', 'light.catching_up': '追赶中', 'light.offline': '已断开', 'light.entry': '最后一条动态：第 {entry} 号',

  'nav.screens': '工作台', 'nav.desk': '坐席', 'nav.portal': '承办', 'nav.supervision': '督办', 'nav.account': '我的账户', 'nav.logout': '退出登录',
  'theme.label': '外观', 'theme.auto': '跟随系统', 'theme.light': '浅色', 'theme.dark': '深色', 'language.other': 'English',
  'role.agent': '坐席', 'role.lead': '班长', 'role.department': '承办单位', 'role.supervisor': '督办', 'role.quality': '质检回访', 'role.admin': '管理员',
  'role.auditor': '审计',

  'channel.wechat': '微信', 'channel.sms': '短信', 'channel.web': '网页', 'channel.phone': '电话', 'channel.api': '其他平台', 'channel.weibo': '微博',
  'type.consultation': '咨询', 'type.help': '求助', 'type.complaint': '投诉', 'type.report': '举报', 'type.suggestion': '建议', 'type.praise': '表扬',
  'type.other': '其他', 'urgency.normal': '一般', 'urgency.urgent': '紧急', 'urgency.critical': '特急',

  'state.received': '待受理', 'state.awaiting_info': '待补充', 'state.accepted': '已受理待派', 'state.dispatched': '待签收', 'state.handling': '办理中',
  'state.return_review': '退单待审', 'state.suspended': '挂起', 'state.answer_review': '已反馈待审核', 'state.follow_up': '待回访', 'state.rework': '重办', 'state.closed': '办结',
  'state.archived': '归档', 'state.refused': '不予受理', 'state.emergency': '转紧急', 'state.merged': '已并单', 'state.withdrawn': '已撤回',

  'work.label': '我的状态', 'work.idle': '示闲', 'work.busy': '示忙', 'work.wrapup': '话后整理', 'work.offline': '离席', 'busy.break': '小休', 'busy.meal': '用餐',
  'busy.training': '培训', 'busy.meeting': '会议', 'today.label': '我今天的工作量', 'today.answered': '接待', 'today.dispatched': '派单', 'today.mean': '平均处理',

  'search.label': '搜索工单', 'search.placeholder': '搜编号、内容、地点', 'search.clear': '清除搜索',
  'queue.label': '工单队列', 'queue.pending': '待受理', 'queue.mine': '我的', 'queue.to_dispatch': '待派', 'queue.to_review': '待审', 'queue.to_follow_up': '待回访',
  'queue.supervised': '督办', 'queue.held': '{n} 条新工单', 'queue.end': '共 {n} 条，已全部显示', 'queue.empty': '这里暂时没有工单',
  'queue.empty.pending': '市民的新诉求会出现在这里，无需刷新。', 'queue.empty.mine': '您受理、还在办理的工单会出现在这里。',
  'queue.empty.to_dispatch': '已受理、等待派单的工单会出现在这里。', 'queue.empty.to_review': '等待审核的答复和退单会出现在这里。',
  'queue.empty.to_follow_up': '办结前需要回访的工单会出现在这里。', 'queue.empty.supervised': '被督办的工单会出现在这里。',
  'queue.failed': '队列没有取到', 'queue.failed_text': '服务器没有应答，请稍后重试。', 'queue.no_match': '没有匹配的工单',
  'queue.no_match_text': '换个说法，或用编号的后几位再搜。', 'queue.clear': '清除搜索', 'row.no_words': '（无文字内容）', 'row.unread': '未读', 'row.moved': '已转为{state}',

  'conversation.label': '对话', 'conversation.empty': '从左侧选择一张工单', 'conversation.empty_text': '市民的话、语音、图片和答复都在这里按时间排列。',
  'conversation.failed': '工单没有取到', 'head.copy': '复制工单编号', 'head.copied': '编号已复制', 'head.looking': '{names} 也在看',
  'thread.label': '往来消息', 'thread.empty': '还没有消息。', 'thread.citizen': '市民', 'thread.internal': '内部备注 · {name}', 'thread.image': '市民发来的图片',
  'delivery.queued': '发送中', 'delivery.sent': '已送达', 'delivery.failed': '未送达', 'voice.play': '播放语音', 'voice.pause': '暂停', 'voice.seek': '播放进度',
  'voice.broken': '浏览器放不了这段录音。', 'voice.pending': '正在转写…', 'voice.failed': '转写失败，请听原声。', 'voice.no_model': '未转写：没有识别模型，请听原声。',
  'composer.label': '给市民的回复', 'composer.by': '通过{channel}回复', 'composer.none': '这个渠道不能回复', 'composer.window': '48小时窗口还剩 {span}',
  'composer.window_over': '窗口已过，将改发模板通知', 'composer.placeholder': '写给市民的话…', 'composer.closed': '当前状态不能回复市民', 'composer.hint': '回复 · 发送',
  'composer.send': '发送', 'draft.clean': '没有草稿', 'draft.typing': '正在输入', 'draft.saved': '草稿已保存', 'draft.unsaved': '草稿未保存，将自动重试',

  'panel.label': '工单', 'panel.ticket': '工单', 'panel.course': '办理过程', 'panel.caller': '诉求人', 'panel.suggested': '建议', 'panel.sure': '把握 {n}%',
  'panel.filled': '助手填了 {n} 项', 'panel.take': '全部采纳', 'panel.undo': '撤销', 'panel.undone': '已撤销助手填写', 'panel.save': '保存修改', 'panel.rating': '评价',
  'ticket.type': '类型', 'ticket.type_label': '类型', 'ticket.matter': '事项', 'ticket.matter_name': '事项', 'ticket.title': '标题', 'ticket.area': '区域',
  'ticket.address': '地址', 'ticket.place': '地点', 'ticket.urgency': '紧急', 'ticket.confidential': '保密', 'ticket.summary': '摘要', 'ticket.state_label': '状态',
  'ticket.department_name': '承办单位', 'ticket.text': '内容',
  'pick.type': '选择类型', 'pick.matter': '搜索事项', 'pick.area': '选择区、街镇', 'pick.unit': '搜索单位', 'pick.reason': '选择理由', 'pick.ticket': '输入编号或标题搜索',
  'units.label': '建议承办单位', 'units.none': '还没有建议。先填好事项和区域，再由您选择单位。', 'units.abstain': '助手没有把握，请人工判断。', 'units.similar': '{n} 张相似的已办结工单',
  'reason.word': '关键词', 'reason.catalogue': '派单目录', 'reason.place': '地点', 'reason.similar': '相似工单', 'reason.rule': '规则',
  'caller.label': '诉求人', 'caller.nameless': '未留姓名', 'caller.no_phone': '未留电话', 'caller.unmask': '查看完整信息',
  'caller.unmask_text': '查看完整姓名和电话会记录在案。请写明用途。', 'caller.unmask_reason': '用途，例如：回电核实地址', 'caller.confidential': '诉求人要求保密，不得向被反映方透露身份。',
  'caller.hidden': '诉求人要求保密，承办单位看不到其身份。', 'caller.history': '其他诉求（{n}）', 'caller.first': '这是第一次来诉求。', 'assignment.lead': '主办', 'assignment.assisting': '协办',
  'unit.signed': '{at} 签收', 'unit.auto_signed': '{at} 自动签收', 'unit.unsigned': '尚未签收', 'unit.answered': '{at} 答复', 'unit.public': '公开答复', 'unit.internal': '内部说明',
  'clock.why': '为什么是这个时间？', 'timeline.system': '系统', 'timeline.days': '{n} 个工作日',
  'actions.more': '更多操作', 'actions.none': '{state}，没有需要您办理的步骤。', 'done': '{verb}：已完成，现为{state}',

  'verb.accept': '受理', 'verb.edit': '修改', 'verb.reply': '回复市民', 'verb.dispatch': '派单', 'verb.answer-directly': '直接答复', 'verb.request-info': '请市民补充',
  'verb.refuse': '不予受理', 'verb.emergency': '转紧急', 'verb.sign': '签收', 'verb.contact': '登记联系', 'verb.return': '退单', 'verb.rule-on-return': '裁定退单',
  'verb.request-extension': '申请延期', 'verb.rule-on-extension': '审批延期', 'verb.suspend': '挂起', 'verb.resume': '恢复办理', 'verb.answer': '答复', 'verb.review': '审核答复',
  'verb.follow-up': '回访', 'verb.rework': '重办', 'verb.close': '办结', 'verb.archive': '归档', 'verb.merge': '并单', 'verb.urge': '催办', 'verb.supervise': '督办',
  'verb.note': '内部备注', 'verb.withdraw': '撤回', 'verb.other': '办理',
  'sure.any': '确认办理这一步？', 'sure.sign': '签收后由本单位负责办理，时限自派单时起算。', 'sure.resume': '恢复后时限继续计算。',
  'told': '这些话会通过{channel}告知市民。',
  'field.note': '说明', 'field.note_text': '备注内容', 'field.reason': '理由', 'field.reply': '回复内容', 'field.lead_unit': '主办单位', 'field.assisting': '协办单位',
  'field.public_answer': '答复市民的内容', 'field.internal_answer': '内部办理说明', 'field.question': '需要市民补充什么', 'field.refuse_reason': '不予受理的情形', 'field.door': '告知市民去哪里办',
  'field.service': '转到', 'field.reference': '对方接警编号', 'field.whom': '联系了谁', 'field.contacted_at': '联系时间', 'field.number': '联系电话', 'field.return_reason': '退单理由',
  'field.basis': '法律或职责依据', 'field.proposed': '建议改派单位', 'field.upheld': '是否同意退单', 'field.moved_to': '改派到', 'field.working_days': '工作日数',
  'field.granted': '是否同意延期', 'field.solved': '问题是否解决', 'field.contacted': '已联系诉求人', 'field.approved': '答复是否通过', 'field.reached': '是否联系上', 'field.satisfied': '是否满意',
  'field.into': '并入哪张工单', 'field.level': '督办级别',
  'hint.door': '例如：市中级人民法院立案庭，电话…', 'hint.number': '按实际拨打的号码填写', 'hint.basis': '写明条款或三定职责，裁定时会对照派单目录。', 'hint.upheld': '裁定之后，同一单位不能再次退单。',
  'hint.public_answer': '市民会原样看到这段话。', 'hint.internal_answer': '只有工作人员看到。', 'hint.approved': '通过后答复会发给市民，不通过则退回重办。', 'hint.into': '本单将结束，后续进展以所选工单为准。',
  'hint.note': '市民看不到备注。', 'hint.confidential': '保密后，承办单位看不到诉求人身份。',
  'refuse.litigation': '诉讼、仲裁事项', 'refuse.discipline': '纪检监察事项', 'refuse.reconsideration': '行政复议事项', 'refuse.disclosure': '政府信息公开申请', 'refuse.petition': '信访程序事项',
  'refuse.secret': '涉及国家秘密、商业秘密或个人隐私', 'refuse.other': '其他', 'service.110': '110 公安', 'service.119': '119 消防', 'service.120': '120 急救', 'service.122': '122 交通事故',
  'level.1': '一级', 'level.2': '二级', 'level.3': '三级', 'satisfied.5': '非常满意', 'satisfied.4': '满意', 'satisfied.3': '基本满意', 'satisfied.2': '不满意', 'satisfied.1': '非常不满意',

  'conflict.title': '这张工单刚被改动', 'conflict.lead': '您要做的是「{verb}」，但在您办理期间工单已经变了。您的内容没有丢。', 'conflict.mine': '您的内容', 'conflict.theirs': '现在的工单 · {name}',
  'conflict.somebody': '同事', 'conflict.words_only': '市民或同事补充了内容，要素没有变化。', 'conflict.not_possible': '工单现为「{state}」，这一步已不能办理。', 'conflict.give_up': '放弃，看最新工单',
  'conflict.resend': '按最新工单继续提交',

  'keys.title': '键盘快捷键', 'keys.move': '上下移动', 'keys.open': '打开工单', 'keys.accept': '受理', 'keys.take': '采纳助手填写', 'keys.undo': '撤销助手填写', 'keys.unit': '选择建议单位',
  'keys.dispatch': '派单', 'keys.reply': '回复市民', 'keys.note': '内部备注', 'keys.search': '搜索', 'keys.command': '命令栏', 'keys.send': '发送或提交', 'keys.close': '关闭', 'keys.help': '全部快捷键',
  'command.label': '命令栏', 'command.placeholder': '输入命令，或要搜索的内容', 'command.search': '搜索「{words}」', 'command.group.ticket': '工单', 'command.group.queue': '队列', 'command.group.screen': '界面',
  'command.group.search': '搜索',

  'group.label': '待办分组', 'group.to_sign': '待签收', 'group.handling': '办理中', 'group.return_refused': '退单被驳回', 'group.extension': '延期', 'group.awaiting_info': '待补充', 'group.done': '已办结',
  'group.empty.to_sign': '派给本单位、等待签收的工单会出现在这里。', 'group.empty.handling': '签收后正在办理的工单会出现在这里。', 'group.empty.return_refused': '退单未获同意、须继续办理的工单会出现在这里。',
  'group.empty.extension': '申请了延期的工单会出现在这里。', 'group.empty.awaiting_info': '等待市民补充的工单会出现在这里。', 'group.empty.done': '本单位答复过的工单会出现在这里。',
  'portal.empty': '选择一张工单', 'portal.empty_text': '最急的排在最前面。', 'portal.request': '诉求内容', 'portal.place': '地点', 'portal.person': '诉求人', 'portal.clocks': '时限', 'portal.course': '办理过程',
  'portal.units': '承办情况', 'portal.messages': '往来消息', 'portal.more': '显示更多', 'portal.export': '导出 Excel', 'portal.order': '政务服务便民热线工单', 'portal.printed': '打印于 {at}', 'portal.number': '工单编号',
  'portal.received': '受理时间', 'portal.sign_here': '经办人签字', 'portal.lead_here': '负责人签字',

  'evidence.label': '佐证材料', 'evidence.identity': '身份佐证', 'evidence.contact': '联系佐证', 'evidence.handling': '办理佐证', 'evidence.citizen': '市民提供', 'evidence.add': '上传材料',
  'evidence.none': '照片、录音、文书等可以上传在这里，审核时一并查看。', 'evidence.kind': '材料类别', 'evidence.added': '材料已上传',

  'supervision.open': '在办', 'supervision.late': '已超期', 'supervision.due_soon': '即将到期', 'supervision.units': '各单位在办', 'supervision.unit': '单位', 'supervision.rates': '指标',
  'supervision.rates_text': '公式可由管理员调整；样本少时看区间，不看排名。', 'supervision.formula': '公式', 'supervision.sample': '{numerator} / {denominator}', 'supervision.interval': '95% 区间 {low}–{high}',
  'supervision.no_sample': '样本不足', 'supervision.urgent_list': '超期与即将到期', 'supervision.channels': '来源渠道', 'supervision.states': '各环节', 'supervision.none_late': '没有超期或即将到期的工单',
  'supervision.none_late_text': '出现时会自动排到这里。', 'supervision.failed': '统计没有取到', 'supervision.share': '占在办 {n}%', 'supervision.updated': '更新于 {at}', 'supervision.all_units': '全部 {n} 个单位',
  'supervision.fewer': '收起', 'supervision.filter': '只看{unit}', 'supervision.all': '全部单位',
} as const

export type Word = keyof typeof zh
