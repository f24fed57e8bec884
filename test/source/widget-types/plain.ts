/** A page without a framework. */
const chat = document.createElement('amigo-chat');
chat.organization = 'riverside-clinic';
chat.tokenUrl = '/chat-token';
chat.voice = true;
chat.words = { ended: 'Good bye.', answering: '{agent} writes' };
chat.getToken = async (refused) => {
  const answer = await fetch('/chat-token', { method: 'POST', body: refused ?? '' });
  return (await answer.json()) as { id_token: string; expires_at: string };
};
chat.getToken = () => Promise.resolve('a token');
chat.getToken = null;
chat.visitor = true;
chat.getTurnstileToken = () => Promise.resolve('a token');
chat.addEventListener('amigo-message', ({ detail }) => {
  const role: 'user' | 'agent' | 'event' = detail.role;
  console.log(role, detail.id?.length);
});
document.addEventListener('amigo-finish', (event) => console.log(event.detail.conversation));

const found = document.querySelector('amigo-chat');
await found?.send('Hello');
await found?.finish();
await found?.open();
await found?.startNew();
found?.forget();
const conversation: string | null | undefined = found?.conversation;
console.log(conversation);

// @ts-expect-error -- no phrase of this name
chat.words = { goodBye: 'Good bye.' };
// @ts-expect-error -- phrases are texts
chat.words = { ended: 1 };
// @ts-expect-error -- only the element says which conversation is open
chat.conversation = 'other';
// @ts-expect-error -- a number is no token
chat.getToken = () => Promise.resolve(1);
// @ts-expect-error -- a token of Turnstile is a text
chat.getTurnstileToken = () => Promise.resolve({ id_token: 'a token' });
// @ts-expect-error -- the details have no such member
document.addEventListener('amigo-finish', (event) => console.log(event.detail.text));
// @ts-expect-error -- a flag is no text
chat.voice = 'yes';

export {};
