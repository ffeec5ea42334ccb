export function store(url: string, count: number, masterKey: Uint8Array): Promise<void>;
