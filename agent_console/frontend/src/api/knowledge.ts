/** The knowledge base. */
import { get, post, query } from './http'
import type { Article, Page } from './types'

const BASE = '/api/v1/knowledge'

export const searchKnowledge = async (words: string): Promise<Article[]> =>
  (await get<Page<Article>>(`${BASE}${query({ q: words })}`)).results

/** A POST: what a citizen says belongs in no access log. */
export const fetchAnswers = async (text: string): Promise<Article[]> =>
  (await post<Page<{ article: Article; share: number; words: string[] }>>(`${BASE}/asked`, { text: text.slice(-20_000) })).results.map((found) => found.article)
