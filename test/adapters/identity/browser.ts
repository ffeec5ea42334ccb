/** What a browser does at an issuer: follows redirects, keeps cookies, reads a page, clicks on a person. */
export function createBrowser() {
  const cookies = new Map<string, string>();

  async function load(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]!.split('=');
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }

  /** Follows redirects within one origin. */
  async function follow(
    url: string,
    init?: RequestInit,
  ): Promise<{ readonly url: string; readonly response: Response | null }> {
    let response = await load(url, init);
    let current = url;
    for (let hops = 0; response.status >= 300 && response.status < 400; hops += 1) {
      const next = new URL(response.headers.get('location') ?? '', current);
      if (hops > 10) throw new Error('Too many redirects');
      if (next.origin !== new URL(url).origin) return { url: next.href, response: null };
      current = next.href;
      response = await load(current);
    }
    return { url: current, response };
  }

  return {
    async page(url: string): Promise<{ html: string; policy: string; url: string }> {
      const { response, url: at } = await follow(url);
      if (response?.status !== 200) throw new Error(`No page: ${response?.status ?? 'sent away'}`);
      return { html: await response.text(), policy: response.headers.get('content-security-policy') ?? '', url: at };
    },
    /** Signs in as one of the listed users; gives the address that the issuer sends the browser back to. */
    async choose(url: string, userId: string): Promise<string> {
      const page = await this.page(url);
      const back = await follow(page.url, { method: 'POST', body: new URLSearchParams({ user: userId }) });
      if (back.response !== null) throw new Error(`The issuer did not send the browser back: ${back.response.status}`);
      return back.url;
    },
  };
}
