/** A page of React, 18 or 19. */
import { useEffect, useRef } from 'react';
import type { AmigoChatElement } from '../../../widget/types/amigo-chat.d.ts';

export function Support({ user }: { user: string }) {
  const chat = useRef<AmigoChatElement>(null);
  useEffect(() => {
    const element = chat.current;
    if (element === null) return undefined;
    element.words = { ended: 'Good bye.' };
    const onFinish = (event: CustomEvent<{ conversation: string }>) => console.log(event.detail.conversation);
    element.addEventListener('amigo-finish', onFinish);
    return () => element.removeEventListener('amigo-finish', onFinish);
  }, []);
  return (
    <amigo-chat
      ref={chat}
      id="support"
      className="chat"
      style={{ height: '30rem' }}
      lang="de"
      organization="riverside-clinic"
      service="6a08efc45525e50eb52b0a43"
      user={user}
      token-url="/chat-token"
      voice
      actions={false}
    />
  );
}

export function WithProperties() {
  return (
    <amigo-chat
      visitor
      getTurnstileToken={() => Promise.resolve('a token')}
      getToken={(refused) => Promise.resolve(refused ?? 'a token')}
      words={{ ended: 'Good bye.' }}
      onamigo-finish={(event) => console.log(event.detail.conversation)}
    />
  );
}

// @ts-expect-error -- attributes are written as in HTML
export const misspelt = <amigo-chat tokenurl="/chat-token" />;
// @ts-expect-error -- no phrase of this name
export const unknownWords = <amigo-chat words={{ goodBye: 'Good bye.' }} />;
// @ts-expect-error -- the element is known by this name alone
export const unknown = <amigo-chats />;
