import { within } from '../../runtime/within.ts'

interface Asking {
  /** Ms that a function of the app's may take. */
  readonly patience: number
  readonly onError: (where: string, error: unknown) => void
}

/** What the app says, or nothing where it throws or takes too long. */
export const ask = async <Answer>(
  where: string,
  { onError, patience }: Asking,
  question: () => Answer | Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    return await within(Promise.resolve(question()), patience)
  } catch (error) {
    onError(where, error)
    return undefined
  }
}
