// A socket that comes back by itself, with growing pauses.

export interface Link {
  send(message: object): void;
  /** Dropped where the line is behind: what is shown now matters, not what was. */
  sendFrame(frame: ArrayBuffer): void;
  close(): void;
}

const PAUSES_MS = [250, 500, 1000, 2000, 5000];
const MOST_BEHIND = 8192;

export function link(path: string, heard: (message: Record<string, unknown>) => void, lost: (gone: boolean) => void): Link {
  let socket: WebSocket | undefined;
  let tries = 0;
  let closed = false;
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`;

  function open(): void {
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      tries = 0;
      lost(false);
    };
    socket.onmessage = (event: MessageEvent<string>) => heard(JSON.parse(event.data) as Record<string, unknown>);
    socket.onclose = () => {
      if (closed) return;
      lost(true);
      setTimeout(open, PAUSES_MS[Math.min(tries++, PAUSES_MS.length - 1)]);
    };
  }

  open();
  const ready = (): boolean => socket?.readyState === WebSocket.OPEN;
  return {
    send: (message) => void (ready() && socket?.send(JSON.stringify(message))),
    sendFrame: (frame) => void (ready() && (socket?.bufferedAmount ?? 0) < MOST_BEHIND && socket?.send(frame)),
    close: () => {
      closed = true;
      socket?.close();
    },
  };
}
