/** The demo page: learns from its backend which user it chats as, which the page of another site knows by itself. */
import type { DemoSession } from '../../src/contract/demo.ts';
import { ApiError, jsonOf, requestOf } from '../api/request.ts';

const place = document.querySelector('#chat');

/** Puts the chat in the place of `where`. The element comes when all of its attributes are known. */
async function showChat(where: Element): Promise<void> {
  const { organization, service_id, user_id, voice } = await jsonOf<DemoSession>(
    await requestOf('/demo/session', { method: 'POST' }),
  );
  const chat = document.createElement('amigo-chat');
  const attributes = {
    id: 'chat',
    organization,
    service: service_id,
    user: user_id,
    'token-url': '/demo/session',
    agent: 'Nora',
  };
  for (const [name, value] of Object.entries(attributes)) chat.setAttribute(name, value);
  // What the agent does is for developers, as this page is.
  for (const name of ['actions', 'feedback', 'history']) chat.toggleAttribute(name, true);
  chat.toggleAttribute('voice', voice);
  where.replaceWith(chat);
}

if (place !== null) {
  showChat(place).catch((error: unknown) => {
    place.remove();
    // The deployment has no demo identity, or could not be asked.
    const reason = error instanceof ApiError && error.status === 404 ? '#no-demo' : '#no-answer';
    document.querySelector<HTMLElement>(reason)?.toggleAttribute('hidden', false);
  });
}
