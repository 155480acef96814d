// A phone's socket, or its screen's: it comes back by itself as a set's does, until it is told no for good.
import { pauseMs, REFUSALS, socketUrl } from "../live/socket.ts";

export interface Link {
  send(message: object): void;
  /** Dropped where the line is behind: what is shown now matters, not what was. */
  sendFrame(frame: ArrayBuffer): void;
  close(): void;
}

const MOST_BEHIND = 8192;

export function link(path: string, heard: (message: Record<string, unknown>) => void, lost: (gone: boolean) => void): Link {
  let socket: WebSocket | undefined;
  let tries = 0;
  let closed = false;
  const url = socketUrl(path);

  function open(): void {
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      tries = 0;
      lost(false);
    };
    socket.onmessage = (event: MessageEvent<string>) => heard(JSON.parse(event.data) as Record<string, unknown>);
    socket.onclose = ({ code }) => {
      if (closed) return;
      lost(true);
      if (!REFUSALS.has(code)) setTimeout(open, pauseMs(tries++, Math.random()));
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
