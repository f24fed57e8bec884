/** The lines that the Worker and its objects write to the log. */
import { vi } from 'vitest';

/** A line of the log. */
export type LogLine = Record<string, unknown> & { event: string };

/** Collects the lines of the log from now on. `vi.restoreAllMocks()` ends it. */
export function collectLog(): { of: (event: string) => LogLine[]; all: () => string } {
  const texts: string[] = [];
  for (const method of ['log', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => void texts.push(String(line)));
  }
  return {
    of: (event) => texts.map((text) => JSON.parse(text) as LogLine).filter((line) => line.event === event),
    all: () => texts.join('\n'),
  };
}
