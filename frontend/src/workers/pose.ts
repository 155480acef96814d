// The pose network, in a worker of its own.
export {};
