/**
 * The error that a command ends with: what gdb would print, and nothing of ours around it.
 */
export class GdbError extends Error {}
