/** The clock of a run: the first look at it is the start, all others come so many ms later. */
export const took = (ms: number): (() => number) => {
  const looks = [0]
  return () => looks.pop() ?? ms
}
