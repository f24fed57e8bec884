import { DefaultChatTransport } from 'ai';
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat, type Message } from './chat.tsx';
import { Session, type Settings } from './session.ts';

const CHAT_ID = 'chat-id';

/** The chat of this tab. Its identifier is all that has to be kept: the server has the rest. */
function keptChatId(): string {
  const id = sessionStorage.getItem(CHAT_ID) ?? crypto.randomUUID();
  sessionStorage.setItem(CHAT_ID, id);
  return id;
}

/** The messages that the server has of a chat; none for one that has not begun. */
async function messagesOf(session: Session, id: string): Promise<Message[]> {
  const response = await fetch(`${await session.chatUrl()}/${id}`, { headers: await session.headers() });
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { messages: Message[] }).messages;
}

function Page({ session, api }: { session: Session; api: string }) {
  const [id, setId] = useState(keptChatId);
  const [loaded, setLoaded] = useState<{ id: string; messages: Message[] } | null>(null);
  const transport = useMemo(
    () =>
      new DefaultChatTransport<Message>({
        api,
        headers: () => session.headers(),
        // The server keeps the conversation, so the last message is all that it needs.
        prepareSendMessagesRequest: ({ id: chat, messages, trigger, messageId, headers }) => ({
          body: { id: chat, messages: messages.slice(-1), trigger, messageId },
          ...(headers !== undefined && { headers }),
        }),
      }),
    [api, session],
  );
  useEffect(() => {
    let isCurrent = true;
    const load = async () => {
      const messages = await messagesOf(session, id);
      if (isCurrent) setLoaded({ id, messages });
    };
    void load();
    return () => {
      isCurrent = false;
    };
  }, [session, id]);

  if (loaded?.id !== id) return <p>Loading …</p>;
  const stop = async () => {
    await fetch(`${api}/${id}/stop`, { method: 'POST', headers: await session.headers() });
  };
  const begin = () => {
    sessionStorage.removeItem(CHAT_ID);
    setId(keptChatId());
  };
  return (
    <Chat key={id} id={id} messages={loaded.messages} transport={transport} onStop={stop} onNew={begin} />
  );
}

async function show(element: HTMLElement): Promise<void> {
  const { api = '', organization = '', service = '', tokenUrl = '' } = element.dataset;
  const settings: Settings = { api, organization, service, tokenUrl };
  const session = new Session(settings);
  createRoot(element).render(<Page session={session} api={await session.chatUrl()} />);
}

const place = document.querySelector<HTMLElement>('#chat');
if (place !== null) void show(place);
