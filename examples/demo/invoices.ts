export interface Invoice {
  readonly id: string
  readonly customer: string
  readonly amount: number
  readonly status: 'open' | 'paid' | 'refunded'
}

/** Invoices in memory: gone with the process, unlike what the audit trail says of them. */
export const createInvoices = () => {
  const first: readonly Invoice[] = [
    { id: '1001', customer: 'Northwind Traders', amount: 1_250, status: 'paid' },
    { id: '1002', customer: 'Fabrikam', amount: 480, status: 'open' },
    { id: '1003', customer: 'Contoso', amount: 99.9, status: 'paid' },
  ]
  const known = new Map(first.map((invoice) => [invoice.id, invoice]))
  return {
    list: (status?: string): readonly Invoice[] =>
      [...known.values()].filter((invoice) => status === undefined || invoice.status === status),
    get: (id: string): Invoice | undefined => known.get(id),
    create: (customer: string, amount: number): Invoice => {
      const invoice: Invoice = { id: String(1_001 + known.size), customer, amount, status: 'open' }
      known.set(invoice.id, invoice)
      return invoice
    },
    refund: (id: string): void => {
      const invoice = known.get(id)
      if (invoice !== undefined) known.set(id, { ...invoice, status: 'refunded' })
    },
  }
}
