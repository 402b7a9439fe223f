// Kibo's own client at the simulator that the KIBO_* variables name; writes what it got as one JSON object, by transport.
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { Configuration } from '@kibocommerce/rest-sdk'
import { InventoryJobApi } from '@kibocommerce/rest-sdk/clients/Inventory/index.js'
import { APIAuthClient } from '@kibocommerce/sdk-authentication'

const { KIBO_API_HOST, KIBO_AUTH_HOST, KIBO_CLIENT_ID, KIBO_SHARED_SECRET, KIBO_TENANT, SDK_CERTIFICATE, SDK_JOB } = process.env

const failure = (error) => ({ message: error.message, response: error.response, apiError: error.apiError })
const failed = (promise) => promise.then(() => null, failure)

// With a client id the SDK asks https alone, and at the tenant's own domain: a door with TLS, and the simulator behind it.
const { hostname, port } = new URL(KIBO_AUTH_HOST)
const pem = readFileSync(SDK_CERTIFICATE)
const door = createServer({ cert: pem, key: pem }, (socket) => {
  const behind = connect(Number(port), hostname)
  socket.pipe(behind).pipe(socket)
  for (const end of [socket, behind]) end.on('error', () => end.destroy())
})
await new Promise((listening) => door.listen(0, '127.0.0.1', listening))

async function asked(configuration) {
  const api = new InventoryJobApi(configuration)
  const all = await api.getJobs()
  const { originalFilename } = all.find((job) => job.originalFilename)
  return {
    one: await api.getJob({ jobID: Number(SDK_JOB) }),
    all,
    filtered: await api.getJobs({ types: ['REFRESH', 'ADJUST'], originalFilename, limit: 3 }),
    adjusted: await api.getJobs({ types: ['ADJUST'] }),
    nobodys: await api.getJobs({ originalFilename: 'nobody’s file & more.csv' }),
    missing: await failed(api.getJob({ jobID: 999999999 })),
    wrong: await failed(api.getJobs({ limit: -1 })),
  }
}

const credentials = { clientId: KIBO_CLIENT_ID, sharedSecret: KIBO_SHARED_SECRET, authHost: KIBO_AUTH_HOST }
const auth = new APIAuthClient(credentials, fetch)
const ticket = await auth.authenticate()
const renewed = await auth.refreshTicket(ticket)

const byToken = (token) => new Configuration({ tenantId: Number(KIBO_TENANT), apiHost: KIBO_API_HOST, accessToken: token })
process.env.KIBO_AUTH_HOST = `localhost:${door.address().port}`
const got = {
  ticket,
  renewed,
  refused: await failed(new APIAuthClient({ ...credentials, sharedSecret: 'wrong' }, fetch).authenticate()),
  unauthorised: await failed(new InventoryJobApi(byToken('wrong')).getJobs()),
  http: await asked(byToken(renewed.access_token)),
  https: await asked(Configuration.fromEnv()),
}
process.stdout.write(JSON.stringify(got), () => process.exit(0))
