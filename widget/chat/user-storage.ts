/** The storage of one window, and the channel to the user's other windows, under names that include the user. */
import type { Place } from '../api/client.ts';
import { keep, readKept, storageKey } from '../tab-storage.ts';
import type { Composer } from '../view/composer.ts';
import { KeptAnswers } from './kept-answers.ts';
import { Outbox } from './outbox.ts';
import { Tabs } from './tabs.ts';

/** Keeps the text that was typed and not sent when the page is left, and puts it back on the next page. */
function keepDraft(key: string, composer: Composer, signal: AbortSignal): void {
  const kept = readKept(key);
  keep(key, null);
  if (typeof kept === 'string') composer.restore(kept);
  addEventListener('pagehide', () => keep(key, composer.draft || null), { signal });
}

/** Returns the storage of a user, who is named later. `onChange`: another window has changed something. */
export function userStorage(place: Place, composer: Composer, signal: AbortSignal, onChange: () => void) {
  const { api, organization, service } = place;
  const outbox = new Outbox();
  const answers = new KeptAnswers(signal);
  let tabs: Tabs | null = null;
  return {
    outbox,
    answers,
    tellTabs: () => tabs?.tell(),
    onUser: (user: string) => {
      // Without a user's name nothing would say whose it is.
      if (user === '' || tabs !== null) return;
      const keyOf = (name: string) => storageKey(name, api, organization, user, service);
      outbox.keepAs(keyOf('outbox'));
      answers.keepAs(keyOf('answer'));
      keepDraft(keyOf('draft'), composer, signal);
      tabs = new Tabs(keyOf('outbox'), signal, onChange);
    },
  };
}
