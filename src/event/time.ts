/** The farthest time from 1970 that a Date knows, before and after, in ms (ECMA-262 21.4.1.1). */
export const farthest = 8.64e15
