/** The page of a developer follows what is published: it loads itself anew when that has changed. */
import type { Revision } from '../src/contract/workbench.ts';
import { requestOf } from './shared.ts';

/** The pause before a server that did not answer is asked again, in milliseconds. It may be starting anew. */
const RETRY_MS = 2_000;
/** The pause between two looks at whether the page may be left, in milliseconds. */
const LOOK_MS = 300;

/** In the session's storage while the page loads itself anew. */
const MARK = 'workbench-published';

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Waits until the page is visible: a hidden one asks nothing. */
async function seen(): Promise<void> {
  while (document.visibilityState !== 'visible') await pause(LOOK_MS);
}

/** Asks for the revision of an organization: at once, or when it is another than `known`. Null when nothing answers. */
async function revisionOf(organization: string, known: string | null): Promise<string | null> {
  const query = new URLSearchParams({ organization, ...(known !== null && { known }) });
  try {
    const answer = await requestOf(`/workbench/api/revision?${query}`, {});
    return ((await answer.json()) as Revision).revision;
  } catch {
    return null;
  }
}

/** Returns whether this page was loaded because something had been published. Asks once. */
export function wasPublished(): boolean {
  const mark = sessionStorage.getItem(MARK);
  sessionStorage.removeItem(MARK);
  return mark !== null;
}

/** Loads the page anew when the organization it shows is published with changes, and nothing is begun that would be lost. */
export async function followPublications(organization: () => string, isBusy: () => boolean): Promise<void> {
  let shown = organization();
  let known: string | null = null;
  for (;;) {
    await seen();
    if (shown !== organization()) [shown, known] = [organization(), null];
    const revision = await revisionOf(shown, known);
    if (revision === null || shown !== organization()) await pause(RETRY_MS);
    else if (known === null || revision === known) known = revision;
    else break;
  }
  while (isBusy()) await pause(LOOK_MS);
  sessionStorage.setItem(MARK, '');
  location.reload();
}
