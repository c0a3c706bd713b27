/** A request that the demo makes to itself, as a browser or a script would. */
interface Seed {
  readonly path: string
  readonly user?: string
  readonly body?: unknown
  readonly method?: string
  readonly agent?: string
  readonly reason?: string
}

const browser =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

const seeds: readonly Seed[] = [
  { path: '/style.css' },
  { path: '/invoices' },
  { path: '/invoices', user: 'ada' },
  { path: '/invoices?status=open&status=paid', user: 'bo' },
  { path: '/invoices/1001', user: 'ada' },
  { path: '/invoices/1002', user: 'bo' },
  { path: '/invoices/9999', user: 'bo' },
  {
    path: '/invoices',
    user: 'ada',
    body: { customer: 'Tailspin Toys', amount: 320, cardNumber: '4111 1111 1111 1111' },
  },
  { path: '/invoices/1004', user: 'ada' },
  { path: '/invoices', body: { customer: 'Nobody', amount: 1 } },
  { path: '/invoices', user: 'bo', body: { customer: 'Wingtip', amount: -5 } },
  { path: '/invoices/1001/refund', user: 'bo', body: { reason: 'customer asked' } },
  { path: '/invoices/1001/refund', user: 'ada', body: { reason: 'paid twice by mistake' } },
  { path: '/invoices/1003/refund', user: 'cleo', body: { reason: 'damaged on arrival' } },
  { path: '/invoices?status=refunded', user: 'cleo' },
  { path: '/admin/users', user: 'bo' },
  { path: '/admin/users', agent: 'curl/8.11.0' },
  { path: '/reports/tax', user: 'cleo' },
  { path: '/ticker', user: 'bo' },
  {
    path: '/invoices',
    user: 'cleo',
    body: { customer: 'Adventure Works', amount: 2_400, apiKey: 'a-key-that-nobody-may-see' },
  },
  { path: '/invoices/1005', user: 'cleo', method: 'HEAD' },
  { path: '/invoices/1002', user: 'ada', method: 'DELETE' },
  { path: '/invoices/1002', user: 'ada', method: 'DELETE', reason: 'the customer asked for it' },
  { path: '/login', body: { username: 'ada', password: 'ada-secret' } },
  { path: '/login', user: 'ada', body: { username: 'bo', password: 'a guess' } },
  { path: '/login', body: { username: 'root', password: 'toor' }, agent: 'hydra/9.5' },
  { path: '/password', user: 'ada', method: 'POST' },
  { path: '/impersonate/bo', user: 'ada', body: { reason: 'ticket 4711' } },
  { path: '/orders', user: 'bo', body: { items: 2, card: '4242' } },
  { path: '/orders', user: 'bo', body: { items: 1, card: '0002' } },
  { path: '/orders/5001/parcels', user: 'bo', body: { parcel: 'parcel 1' } },
  { path: '/orders/5001/parcels', user: 'cleo', body: { parcel: 'parcel 2' } },
  { path: '/orders/export.csv', user: 'cleo' },
  { path: '/orders/export.csv/again', user: 'ada' },
  { path: '/issues', user: 'ada', body: { code: 'E_MAIL_SLOW' } },
  { path: '/logout', user: 'ada', method: 'POST' },
  { path: '/wp-login.php?redirect=%2Fadmin', agent: 'masscan/1.3' },
  { path: '/search?q=<img src=x onerror=alert(1)>', agent: '<img src=x onerror="alert(2)">' },
]

/** Sends requests of every kind that the app knows, one after the other, to the end of each answer. */
export const seed = async (origin: string): Promise<void> => {
  for (const { path, user, body, method, reason, agent = browser } of seeds) {
    const response = await fetch(origin + path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      redirect: 'manual',
      headers: {
        'user-agent': agent,
        ...(user !== undefined && { 'x-demo-user': user }),
        ...(reason !== undefined && { 'x-audit-reason': reason }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    await response.text()
  }
}
