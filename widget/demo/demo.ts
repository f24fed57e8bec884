/**
 * The demo page. Its chat is that of a visitor, as any page without a backend has it. The address `/?signed-in` is the page
 * of a patient who has signed in: there the demo's backend tells who they are.
 */
import type { DemoFeatures, DemoSession } from '../../src/contract/demo.ts';
import { ApiError, jsonOf, requestOf } from '../api/request.ts';
import type { AmigoChatElement } from '../types/amigo-chat.d.ts';

/** Puts the chat of the demo's patient in the place of `place`. The element comes when all of its attributes are known. */
async function signIn(chat: AmigoChatElement, place: ChildNode): Promise<void> {
  const { organization, service_id, user_id, voice } = await jsonOf<DemoSession>(
    await requestOf('/demo/session', { method: 'POST' }),
  );
  const attributes = { organization, service: service_id, user: user_id, 'token-url': '/demo/session' };
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  // What the agent does is for developers, as this page is. A visitor is not told.
  for (const name of ['actions', 'history']) chat.toggleAttribute(name, true);
  chat.toggleAttribute('voice', voice);
  place.replaceWith(chat);
}

/** Offers a visitor to talk, where the deployment can hear. */
async function offerVoice(chat: AmigoChatElement): Promise<void> {
  const { voice } = await jsonOf<DemoFeatures>(await requestOf('/demo/features', {}));
  chat.toggleAttribute('voice', voice);
}

function show(id: string): void {
  document.querySelector<HTMLElement>(id)?.toggleAttribute('hidden', false);
}

const chat = document.querySelector('amigo-chat');
if (chat !== null && new URLSearchParams(location.search).has('signed-in')) {
  show('#as-visitor');
  // This script runs before that of the chat, so no visitor has begun.
  const place = document.createComment('chat');
  chat.replaceWith(place);
  chat.removeAttribute('visitor');
  signIn(chat, place).catch((error: unknown) => {
    // The deployment has no demo identity, or could not be asked.
    show(error instanceof ApiError && error.status === 404 ? '#no-demo' : '#no-answer');
  });
} else if (chat !== null) {
  show('#as-patient');
  // One can write as well.
  offerVoice(chat).catch(console.error);
}
