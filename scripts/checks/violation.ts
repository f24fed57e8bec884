/** A rule that a file breaks. */
export interface Violation {
  rule: 'arrow' | 'cycle' | 'fan-out' | 'naming' | 'prose' | 'documented';
  /** Path from the root of the repository. */
  path: string;
  /** Line in the file, from 1; 0 if the rule is about the whole file. */
  line: number;
  /** A sentence that says what is wrong and what to change. */
  message: string;
}

/** Returns the violation as `path:line: message`, which editors and terminals make a link of. */
export function violationText({ path, line, message }: Violation): string {
  return line === 0 ? `${path}: ${message}` : `${path}:${line}: ${message}`;
}
