// The screen stays on while somebody stands away from it.

interface Lock {
  release(): Promise<void>;
}
interface Locks {
  request(kind: "screen"): Promise<Lock>;
}

export class Wake {
  private lock: Lock | null = null;
  private wanted = false;
  private readonly again = () => void this.take();

  /** From now on, also after the page was hidden. Where browsers cannot, nothing happens. */
  async keep(): Promise<void> {
    this.wanted = true;
    document.addEventListener("visibilitychange", this.again);
    await this.take();
  }

  async let(): Promise<void> {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.again);
    await this.lock?.release().catch(() => undefined);
    this.lock = null;
  }

  private async take(): Promise<void> {
    const locks = (navigator as unknown as { wakeLock?: Locks }).wakeLock;
    if (!this.wanted || !locks || document.visibilityState !== "visible") return;
    this.lock = await locks.request("screen").catch(() => null);
  }
}
