/** `<AmigoChat>`: the chat element as a component of React 18 and 19. */
import { createElement, useEffect, useLayoutEffect, useRef, type ReactElement } from 'react';
import type {
  AmigoChatAttributes,
  AmigoChatElement,
  AmigoChatEventDetails,
  AmigoChatGetToken,
  AmigoChatGetTurnstileToken,
  AmigoChatWords,
} from '../../../widget/types/amigo-chat.d.ts';
import { loadAmigoChat, type AmigoChatRelease } from './index.ts';

/** The callbacks, by the names of their events. */
const CALLBACKS = {
  'amigo-open': 'onOpen',
  'amigo-message': 'onMessage',
  'amigo-finish': 'onFinish',
  'amigo-feedback': 'onFeedback',
  'amigo-error': 'onError',
} as const satisfies Record<keyof AmigoChatEventDetails, string>;

type Callbacks = {
  [Name in keyof typeof CALLBACKS as (typeof CALLBACKS)[Name]]?: (
    detail: AmigoChatEventDetails[Name],
  ) => void;
};

/** The attributes of the element in camel case, its properties and its events. */
export interface AmigoChatProps extends Omit<AmigoChatAttributes, 'token-url'>, Callbacks {
  /** The origin of the deployment, which the script is loaded from. Leave it out if the page loads the script itself. */
  origin?: string;
  /** A release to pin, with its digest. */
  release?: AmigoChatRelease;
  tokenUrl?: string | null | undefined;
  lang?: string;
  id?: string;
  className?: string;
  words?: Partial<AmigoChatWords>;
  /** Gives tokens. It may be another function with each rendering. */
  getToken?: AmigoChatGetToken;
  /** Gives a token of Cloudflare Turnstile, with `visitor`. It may be another function with each rendering. */
  getTurnstileToken?: AmigoChatGetTurnstileToken;
  /** Is given the element when it is in the page, and null when it leaves. */
  elementRef?: (element: AmigoChatElement | null) => void;
}

// A server renders without effects, and React 18 warns of this one there.
const useCommitEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** Sets what no attribute can hold, and listens. The newest callbacks are called. */
function useProperties({ words, getToken, getTurnstileToken, elementRef, ...callbacks }: AmigoChatProps) {
  const element = useRef<AmigoChatElement>(null);
  const latest = useRef({ getToken, getTurnstileToken, elementRef, callbacks });
  useCommitEffect(() => {
    latest.current = { getToken, getTurnstileToken, elementRef, callbacks };
  });
  const hasTokens = getToken !== undefined;
  useCommitEffect(() => {
    const chat = element.current;
    if (chat === null) return;
    // One function for all renderings: another one would mean other tokens.
    chat.getToken = hasTokens
      ? (refused) => latest.current.getToken?.(refused) ?? Promise.reject(new Error('getToken was removed.'))
      : null;
  }, [hasTokens]);
  const hasTurnstile = getTurnstileToken !== undefined;
  useCommitEffect(() => {
    const chat = element.current;
    if (chat === null) return;
    const gone = () => Promise.reject(new Error('getTurnstileToken was removed.'));
    chat.getTurnstileToken = hasTurnstile ? () => (latest.current.getTurnstileToken ?? gone)() : null;
  }, [hasTurnstile]);
  useCommitEffect(() => {
    if (element.current !== null && words !== undefined) element.current.words = words;
  }, [words]);
  useCommitEffect(() => {
    const chat = element.current;
    if (chat === null) return;
    const listening = new AbortController();
    for (const [event, name] of Object.entries(CALLBACKS)) {
      const listener = ({ detail }: Event & { detail?: unknown }) => {
        (latest.current.callbacks[name] as ((detail: unknown) => void) | undefined)?.(detail);
      };
      chat.addEventListener(event, listener, { signal: listening.signal });
    }
    latest.current.elementRef?.(chat);
    return () => {
      listening.abort();
      latest.current.elementRef?.(null);
    };
  }, []);
  return element;
}

const OWN_PROPS = new Set([
  'origin',
  'release',
  'words',
  'getToken',
  'getTurnstileToken',
  'elementRef',
  ...Object.values(CALLBACKS),
]);
/** Attributes that are written in another way than their props. */
const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = { tokenUrl: 'token-url', className: 'class' };

/** Returns the attributes of the element. What is off or not set is left out. */
function attributesOf(props: AmigoChatProps): Record<string, string> {
  const entries = Object.entries(props).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    const text = value === true ? '' : value;
    if (OWN_PROPS.has(name) || typeof text !== 'string') return [];
    return [[ATTRIBUTE_NAMES[name] ?? name, text]];
  });
  return Object.fromEntries(entries);
}

/** The chat element. It loads its script when `origin` is given. */
export function AmigoChat(props: AmigoChatProps): ReactElement {
  const { origin, release } = props;
  const { version, integrity } = release ?? {};
  const element = useProperties(props);
  useEffect(() => {
    if (origin === undefined) return;
    const pinned = version === undefined || integrity === undefined ? undefined : { version, integrity };
    // Without its script the element stays empty, as it is on the server.
    loadAmigoChat(origin, pinned).catch(console.error);
  }, [origin, version, integrity]);
  return createElement('amigo-chat', { ...attributesOf(props), ref: element });
}
