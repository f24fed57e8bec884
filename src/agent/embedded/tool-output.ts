/** Words of a tool's output that tell of a failure. English. */
const FAILED =
  /^\W*(?:error|failed|failure|exception|timeout|unavailable|internal server error|http [45]\d\d|status [45]\d\d)\b|"(?:error|errors)"\s*:\s*(?!null|\[\]|false|"")|\b(?:status|code) ?5\d\d\b|\b(?:timed out|could not be reached|cannot be reached|did not answer|does not answer|service unavailable)\b/i;

export function hasFailed(output: string): boolean {
  return FAILED.test(output);
}
