/** One exchange in full. */
export function ExchangeView({ requestId }: { requestId: string }) {
  return <h1>Request {requestId}</h1>;
}
