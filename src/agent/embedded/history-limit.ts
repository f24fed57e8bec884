/** The number of messages before a turn that the embedded reasoner reads. Each takes time. */
export const HISTORY_LIMIT = 20;
