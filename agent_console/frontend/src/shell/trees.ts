/** Flat catalogue rows with parents become the nested options that tree menus want. */

export interface TreeOption { value: string; label: string; children?: TreeOption[] }
interface Row { code: string; name: string; parent: string | null }

export function asTree(rows: readonly Row[]): TreeOption[] {
  const options = new Map<string, TreeOption>(rows.map((row) => [row.code, { value: row.code, label: row.name }]))
  const roots: TreeOption[] = []
  for (const row of rows) {
    const option = options.get(row.code) as TreeOption
    const parent = row.parent ? options.get(row.parent) : undefined
    if (parent) (parent.children ??= []).push(option)
    else roots.push(option)
  }
  return roots
}
