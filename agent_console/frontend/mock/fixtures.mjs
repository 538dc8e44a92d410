/** Invented tickets, units and figures for looking at the screens without a server. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const start = Date.now()
const at = (minutes) => new Date(start + minutes * MINUTE).toISOString()

export const departments = [
  ['city', '云水市', null], ['urban', '城市管理局', 'city'], ['urban-east', '城市管理局东湖分局', 'urban'], ['traffic', '公安局交通警察支队', 'city'],
  ['water', '水务局', 'city'], ['housing', '住房和城乡建设局', 'city'], ['env', '生态环境局', 'city'], ['labour', '人力资源和社会保障局', 'city'],
  ['street-lh', '荔湖街道办事处', 'city'],
].map(([code, name, parent]) => ({ code, name, parent, level: parent ? 'district' : 'city', kind: 'bureau' }))
export const unitName = (code) => departments.find((unit) => unit.code === code)?.name ?? null

export const matters = [
  ['01', '城市管理', null], ['0101', '夜间施工噪音', '01'], ['0102', '占道经营', '01'], ['0103', '垃圾清运', '01'],
  ['02', '交通出行', null], ['0201', '违法停车', '02'], ['0202', '信号灯故障', '02'],
  ['03', '供水排水', null], ['0301', '停水', '03'], ['0302', '内涝积水', '03'], ['04', '劳动保障', null], ['0401', '拖欠工资', '04'],
].map(([code, name, parent]) => ({ code, name, parent, path: name }))
const matterName = (code) => matters.find((matter) => matter.code === code)?.name ?? null

export const areas = [
  ['yq', '东湖区', null], ['yq01', '荔湖街道', 'yq'], ['yq02', '青榕街道', 'yq'], ['nh', '南岸区', null], ['nh01', '沙堤镇', 'nh'],
].map(([code, name, parent]) => ({ code, name, parent, level: parent ? 'street' : 'district' }))

export const reasons = [
  ['not_duty', '不属于本单位职责'], ['wrong_area', '不属于本辖区'], ['wrong_level', '应由上级或下级办理'], ['unclear', '诉求不清无法办理'],
].map(([code, label]) => ({ code, label }))

const STATE = {
  received: '待受理', accepted: '已受理待派', dispatched: '待签收', handling: '办理中', return_review: '退单待审', answer_review: '已反馈待审核', follow_up: '待回访',
  closed: '办结', awaiting_info: '待补充', refused: '不予受理', merged: '已并单', withdrawn: '已撤回', emergency: '转紧急', rework: '重办', suspended: '挂起', archived: '归档',
}
const ALLOWED = {
  received: ['accept', 'edit', 'reply', 'answer-directly', 'request-info', 'refuse', 'emergency', 'merge', 'note', 'supervise', 'withdraw'],
  accepted: ['dispatch', 'edit', 'reply', 'answer-directly', 'request-info', 'refuse', 'emergency', 'merge', 'note', 'supervise', 'withdraw'],
  dispatched: ['sign', 'contact', 'return', 'urge', 'reply', 'note', 'supervise', 'merge'],
  handling: ['answer', 'contact', 'return', 'request-extension', 'rule-on-extension', 'suspend', 'urge', 'reply', 'note', 'supervise'],
  return_review: ['rule-on-return', 'note'], answer_review: ['review', 'reply', 'note'], follow_up: ['follow-up', 'close', 'rework', 'reply', 'note'],
  closed: ['rework', 'archive', 'note'], rework: ['answer', 'contact', 'note'], suspended: ['resume', 'note'],
}
const NEXT = {
  accept: 'accepted', dispatch: 'dispatched', sign: 'handling', return: 'return_review', answer: 'answer_review', review: 'follow_up', close: 'closed', refuse: 'refused',
  merge: 'merged', withdraw: 'withdrawn', emergency: 'emergency', 'answer-directly': 'follow_up', rework: 'rework', 'request-info': 'awaiting_info', suspend: 'suspended',
  resume: 'handling', archive: 'archived',
}

const WORDS = [
  ['wechat', '我家楼下的工地连着三天夜间施工，打桩机响到凌晨两点，孩子根本睡不了觉，请你们管一管！地址是荔湖街道翠屏路88号对面。', '翠屏路工地连续三晚夜间施工', '0101', 'complaint', '翠屏路88号对面', 'urgent'],
  ['phone', '喂你好，我想问一下，公积金异地转移要带什么材料，周末能不能办？', '咨询公积金异地转移材料', null, 'consultation', '', 'normal'],
  ['sms', '沙堤镇码头路下雨就积水，水已经没过小腿，公交都停了。', '码头路积水没过小腿', '0302', 'help', '沙堤镇码头路', 'critical'],
  ['web', '青榕街道农贸市场门口长期占道摆摊，轮椅过不去，建议划出一条无障碍通道。', '农贸市场门口占道，轮椅难通行', '0102', 'suggestion', '青榕农贸市场', 'normal'],
  ['api', '自助终端提交：小区停水已经一天，物业说不清楚什么时候恢复。', '小区停水一天未恢复', '0301', 'help', '金桂花园', 'urgent'],
  ['weibo', '@云水12345 人民路和榕江路交叉口的红绿灯坏了，早高峰差点撞车。', '人民路路口信号灯故障', '0202', 'report', '人民路与榕江路交叉口', 'urgent'],
  ['wechat', '公司拖了我们班组二十几个人三个月工资，找了几次都说再等等。', '班组工资被拖欠三个月', '0401', 'complaint', '南岸工业园', 'normal'],
  ['phone', '谢谢你们，上次反映的路灯第二天就修好了。', '感谢路灯及时修复', null, 'praise', '榕江路', 'normal'],
]
const STATES = ['received', 'received', 'accepted', 'dispatched', 'handling', 'return_review', 'answer_review', 'follow_up', 'closed']

function message(id, kind, text, minutes, more = {}) {
  return {
    id, direction: 'in', kind, text, transcript: '', transcript_state: 'none', attachment: null, place: null, channel: 'wechat', author: '', at: at(minutes), delivery: 'none',
    delivery_error: '', ...more,
  }
}

function messages(channel, text, minutes, index) {
  const sound = { id: 1, url: '/media/voice.wav', play_url: '/media/voice.wav', content_type: 'audio/wav', filename: 'voice.wav', size: 64_000, duration: 6 }
  const all = [message(1, 'text', text, minutes, { channel })]
  if (index % 3 === 0) {
    all.push(message(2, 'voice', '', minutes + 1, { channel, attachment: sound, transcript: '对，就是翠屏路那个工地，昨晚打桩机一直响到两点多。', transcript_state: 'done' }))
    all.push(message(3, 'image', '', minutes + 2, { channel, attachment: { ...sound, url: '/media/photo.svg', filename: '现场.svg', content_type: 'image/svg+xml' } }))
    all.push(message(4, 'location', '', minutes + 2, { channel, place: { area: 'yq01', address: '云水市东湖区荔湖街道翠屏路88号', lat: 22.98, lng: 113.15 } }))
    all.push(message(5, 'text', '您好，已收到您的反映，请问施工方有公示牌吗？', minutes + 4, { channel, direction: 'out', author: '林晓 3012', delivery: 'sent' }))
    all.push(message(6, 'voice', '', minutes + 5, { channel, attachment: { ...sound, id: 2 }, transcript_state: 'no_model' }))
    all.push(message(7, 'text', '同一地址上周已有两单，注意并单。', minutes + 6, { channel, direction: 'internal', author: '何班长' }))
  }
  return all
}

function ticket(index) {
  const [channel, text, title, matter, type, address, urgency] = WORDS[index % WORDS.length]
  const state = STATES[Math.floor(index / 3) % STATES.length]
  const fresh = state === 'received'
  const minutes = fresh ? -4 - index * 7 : -300 - index * 190
  const due = fresh ? null : index % 5 === 0 ? -130 : index % 5 === 1 ? 400 : 4000 + index * 60
  const held = ['dispatched', 'handling', 'return_review', 'answer_review', 'follow_up', 'closed'].includes(state)
  const unit = held ? departments[1 + (index % 8)].code : null
  return {
    number: `12345261121${String(index + 1).padStart(5, '0')}${(index * 7) % 10}`, public_code: 'K7M2QX9RTA', state, state_label: STATE[state],
    type: fresh ? null : type, type_label: type, matter: fresh ? null : matter, matter_name: fresh ? null : matterName(matter), matter_path: matterName(matter),
    title: fresh ? '' : title, text, summary: fresh ? '' : title, channel, source: channel, urgency: fresh ? 'normal' : urgency, confidential: index % 7 === 3,
    place: fresh ? null : { area: 'yq01', area_name: '荔湖街道', address, lat: null, lng: null }, citizen: { name: '陈*', phone: '138****52' + String(index % 90 + 10) },
    department: unit, department_name: unitName(unit), assisting: [], assisting_names: [], holder: { username: 'agent1', name: '林晓' }, version: 1, created_at: at(minutes),
    updated_at: at(minutes), due_at: due === null ? null : at(due), due_level: due === null ? 'none' : due < 0 ? 'late' : due < 600 ? 'soon' : 'ok', last_entry: 100 + index,
    unread: index % 4 === 0, allowed: ALLOWED[state] ?? ['note'],
    messages: messages(channel, text, minutes, index), clocks: due === null ? [] : [
      { name: 'answer', label: '答复', due_at: at(due), level: due < 0 ? 'late' : due < 600 ? 'soon' : 'ok', explanation: ['投诉类：15 个工作日，自派单起算', '11月21日（周六）休息，不计', '11月23日起第 1 个工作日'] },
    ],
    assignments: unit ? [{
      id: 1, department: unit, department_name: unitName(unit), role: 'lead', state: 'signed', signed_at: state === 'dispatched' ? null : at(minutes + 60), auto_signed: false,
      answered_at: state === 'answer_review' ? at(-30) : null, due_at: at(due), public_answer: state === 'answer_review' ? '已责令施工单位停止夜间作业并立案查处，后续将夜间巡查。' : '', internal_answer: '',
    }] : [],
    rating: null, followups: [], returns: state === 'return_review' ? [{ id: 1, reason: 'not_duty', reason_label: '不属于本单位职责', basis: '《云水市派单目录》0101：夜间施工噪音由城市管理局负责。', proposed_department: 'urban', note: '工地已取得夜间施工许可，需核查。', upheld: null, at: at(-50) }] : [],
    extensions: [], draft: null, related: [],
    reply_channel: { slug: channel, label: { wechat: '微信', sms: '短信', web: '网页', phone: '电话', api: '其他平台', weibo: '微博' }[channel], can_push: true, window_ends_at: channel === 'wechat' ? at(2580) : null, note: '', max_text: channel === 'sms' ? 210 : 600 },
  }
}

export const tickets = Array.from({ length: 54 }, (_, index) => ticket(index))
for (const [index, one] of tickets.entries()) if (index % 3 === 0) one.related = tickets.filter((other) => other !== one && other.text === one.text).slice(0, 3).map((other) => ({ ...other, related: [], messages: [] }))

export const ledger = [
  [100, 'received', '收到诉求', null, { channel: 'wechat' }], [101, 'accepted', '受理', '林晓', {}],
  [102, 'dispatched', '派单', '林晓', { department: 'urban', note: '请今晚到场处置' }], [103, 'signed', '签收', '东湖分局', { department: 'urban-east' }],
].map(([entry, kind, kind_label, by_name, data], index) => ({ entry, kind, kind_label, by: by_name, by_name, data, at: at(-200 + index * 40) }))

export function suggestion(one) {
  const found = WORDS.find(([, text]) => text === one.text) ?? WORDS[0]
  const [, , title, matter, type, address, urgency] = found
  return {
    ready: true, abstain: matter === null, title, summary: `市民反映：${title}。`, type: [{ code: type, name: type, confidence: 0.93, reasons: [{ kind: 'word', text: '请你们管一管', weight: 0.6 }] }],
    matter: matter ? [{ code: matter, name: matterName(matter), confidence: 0.88, reasons: [{ kind: 'word', text: '夜间施工', weight: 0.9 }, { kind: 'word', text: '打桩机', weight: 0.5 }] }] : [],
    departments: [['urban-east', 0.86], ['urban', 0.09], ['housing', 0.03]].map(([code, confidence], index) => ({
      code, name: unitName(code), confidence, reasons: index === 0
        ? [{ kind: 'word', text: '夜间施工', weight: 0.9 }, { kind: 'catalogue', text: '0101 夜间施工噪音 → 区城管分局', weight: 1 }, { kind: 'place', text: '荔湖街道属东湖区', weight: 1 }, { kind: 'similar', text: '近 30 天 11 张相似工单，9 张由其办结', weight: 0.8 }]
        : [{ kind: 'catalogue', text: '市级主管部门', weight: 0.3 }],
    })),
    urgency: { level: urgency, reasons: [] }, place: address ? { area: 'yq01', address, lat: null, lng: null } : null,
    similar: tickets.slice(20, 23).map((row) => ({ number: row.number, title: row.title || row.text, department: 'urban', department_name: '城市管理局', state: row.state })),
  }
}

export function apply(one, verb, body) {
  if (verb === 'reply' || verb === 'note') {
    one.messages.push(message(one.messages.length + 1, 'text', body.text, 0, { direction: verb === 'note' ? 'internal' : 'out', author: '林晓 3012', channel: one.channel, delivery: verb === 'note' ? 'none' : 'sent', at: new Date().toISOString() }))
  } else {
    one.state = NEXT[verb] ?? one.state
    for (const name of ['type', 'matter', 'title', 'summary', 'urgency', 'confidential', 'enterprise']) if (name in body) one[name] = body[name]
    if (body.place) one.place = { ...body.place, area_name: areas.find((area) => area.code === body.place.area)?.name ?? '' }
    if (verb === 'dispatch') Object.assign(one, { department: body.department, department_name: unitName(body.department), due_at: new Date(Date.now() + 240 * HOUR).toISOString(), due_level: 'ok' })
    Object.assign(one, { state_label: STATE[one.state], allowed: ALLOWED[one.state] ?? ['note'] })
  }
  one.version += 1
}

export const supervision = {
  open: 187, late: 9, due_soon: 21,
  by_department: departments.slice(1).map((unit, index) => ({ code: unit.code, name: unit.name, open: 46 - index * 5, late: Math.max(0, 4 - index), due_soon: Math.max(0, 6 - index) })),
  by_channel: [['wechat', '微信', 71], ['phone', '电话', 64], ['web', '网页', 28], ['sms', '短信', 15], ['api', '其他平台', 9]].map(([code, label, count]) => ({ code, label, count })),
  by_state: [['received', '待受理', 14], ['accepted', '已受理待派', 11], ['dispatched', '待签收', 23], ['handling', '办理中', 98], ['answer_review', '已反馈待审核', 26], ['follow_up', '待回访', 15]].map(([code, label, count]) => ({ code, label, count })),
  rates: [
    ['on_time', '按时办结率', '按时答复 ÷ 应答复', 212, 231, 0.877, 0.947], ['signed', '及时签收率', '按时签收 ÷ 已派单', 402, 411, 0.959, 0.988], ['solved', '解决率', '“已解决” ÷ 有效回访', 61, 74, 0.724, 0.894],
    ['satisfied', '满意率', '（非常满意+满意+基本满意）÷ 有效评价', 68, 79, 0.769, 0.92], ['returned', '退单率', '退单 ÷ 已派单', 17, 411, 0.026, 0.065], ['first_unit', '首派准确率', '最终单位＝首派单位 ÷ 已派单', 388, 411, 0.917, 0.962],
    ['reworked', '重办率', '重办 ÷ 已答复', 3, 8, 0.137, 0.694],
  ].map(([name, label, formula, numerator, denominator, low, high]) => ({ name, label, formula, value: numerator / denominator, numerator, denominator, low, high })),
}
