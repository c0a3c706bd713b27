/** RFC 4180, read character by character, by nothing that the writer uses. */
export const parseCsv = (text: string): readonly (readonly string[])[] => {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let at = 0
  const endField = (): void => {
    record.push(field)
    field = ''
  }
  while (at < text.length) {
    if (text[at] === '"') {
      if (field !== '') throw new Error(`a quote inside a bare field at ${at}`)
      for (at += 1; ; at += 1) {
        if (at >= text.length) throw new Error('a quoted field that does not end')
        if (text[at] !== '"') field += text[at]
        else if (text[at + 1] === '"') {
          field += '"'
          at += 1
        } else break
      }
      at += 1
      if (at < text.length && text[at] !== ',' && text[at] !== '\r')
        throw new Error(`text behind a quoted field at ${at}`)
      continue
    }
    if (text[at] === ',') {
      endField()
      at += 1
    } else if (text.startsWith('\r\n', at)) {
      endField()
      records.push(record)
      record = []
      at += 2
    } else if (text[at] === '\r' || text[at] === '\n') {
      throw new Error(`a line break inside a bare field at ${at}`)
    } else {
      field += text[at]
      at += 1
    }
  }
  if (field !== '' || record.length > 0) throw new Error('the last record lacks its line break')
  return records
}

/** As the documentation says. */
export const untamed = (field: string): string =>
  /^'+(?:[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠])/u.test(field) ? field.slice(1) : field

/** Whether a program that opens a table would run it. */
export const isFormula = (field: string): boolean =>
  /^(?:[\t\r\n]|[\s\p{C}]*[=+\-@＝＋－＠])/u.test(field)
