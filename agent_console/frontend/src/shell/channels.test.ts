/** Channels named by the server, and short messages of several vendors as one. */
import { beforeEach, expect, test } from 'vitest'

import type { Me } from '@/api/types'
import { byChannel, channelChoices, channelName } from '@/shell/channels'
import { me } from '@/shell/session'

beforeEach(() => {
  const channels = [
    { slug: 'sms-aliyun', label: 'SMS (Aliyun)', short_messages: true },
    { slug: 'sms-cmpp', label: 'SMS (CMPP)', short_messages: true },
    { slug: 'wechat', label: 'WeChat', short_messages: false },
    { slug: 'city-app', label: '云水通', short_messages: false },
  ]
  me.value = { channels } as Me
})

test('names a channel that the screens do not know as the server does', () => {
  expect(['sms-cmpp', 'wechat', 'city-app', 'gone'].map((slug) => channelName(slug))).toEqual(['短信', '微信', '云水通', 'gone'])
})

test('narrows by every channel of the installation, short messages being one', () => {
  expect(channelChoices()).toEqual([
    { label: '短信', value: 'sms-aliyun,sms-cmpp' },
    { label: '微信', value: 'wechat' },
    { label: '云水通', value: 'city-app' },
  ])
})

test('counts short messages together', () => {
  const rows = [{ code: 'sms-aliyun', label: 'a', count: 1 }, { code: 'wechat', label: 'w', count: 2 }, { code: 'sms-cmpp', label: 'b', count: 3 }]
  expect(byChannel(rows)).toEqual([{ code: 'sms-cmpp', label: '短信', count: 4 }, { code: 'wechat', label: '微信', count: 2 }])
})
