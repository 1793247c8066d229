/** Where the production target of a first suite is, until somebody says where. */
export const SOMEWHERE = 'https://api.example.com';

/** The targets of a first suite; `baseUrl` is production's. */
export function firstTargets(baseUrl: string): string {
  return `# Who is judged. A rehearsal proves the suite; only a live target can verify what the docs say.
targets:
  mock: { grade: rehearsal }      # in the same process, without key and cost; what \`assay run\` takes unless told otherwise

  # How it goes with a live target, tried against the mock: \`assay mock --world 2026-03-30 --port 4000\` in another terminal.
  local:
    grade: live
    baseUrl: http://127.0.0.1:4000
    key: env:ASSAY_LOCAL_KEY      # the name of a variable; a key is never written into a file
    mock: allowed                 # so that a mock's answers count here; leave it out for a real service
    references: [ { url: "http://127.0.0.1:4010/{format}/{bytes}/{n}" } ]   # images that it can fetch: any number, any format

  production:
    grade: live
    baseUrl: ${JSON.stringify(baseUrl)}
    key: env:ASSAY_PRODUCTION_KEY
    budget: { usd: 2, requests: 100 }   # for one run; what would go beyond it is left out, and listed
    # usage: { source: dashboard }      # where it shows what it charged: dashboard, token, or management with an access token
    references: []                # images on a public host, one line each: { url: "https://…/a.webp", format: webp }
`;
}
