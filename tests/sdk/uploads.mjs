// Kibo's own client uploads to the simulator that the KIBO_* variables name; writes each answer as a program may print it, by call.
import { inspect } from 'node:util'
import { Configuration } from '@kibocommerce/rest-sdk'
import { ModifyInventoryApi } from '@kibocommerce/rest-sdk/clients/Inventory/index.js'

const { KIBO_API_HOST, KIBO_TENANT } = process.env
const configured = (accessToken) => new Configuration({ tenantId: Number(KIBO_TENANT), apiHost: KIBO_API_HOST, accessToken })
const api = new ModifyInventoryApi(configured('demo'))
const stranger = new ModifyInventoryApi(configured('wrong'))

const good = { upc: '0012345678905', quantity: 5 }
const upload = (items) => ({ locationCode: 'W07', items })

// The SDK has no smart calls yet: through its client, as its own calls go.
async function smart(items) {
  const headers = { 'Content-Type': 'application/json' }
  await api.addAuthorizationHeaders(headers)
  const path = '/commerce/inventory/v5/inventory/smart-refresh'
  return (await api.request({ path, method: 'POST', headers, body: upload(items) })).json()
}

const failure = (promise) => promise.then(() => null, (error) => error.apiError)
const answers = {
  refresh: await api.refresh({ refreshRequest: upload([good]) }),
  failedRefresh: await api.refresh({ refreshRequest: upload([good, { upc: '1', quantity: -2 }]) }),
  adjust: await api.adjust({ adjustRequest: upload([good]) }),
  smartLarge: await smart(Array(30).fill(good)),
  smartSmall: await smart([good]),
  delete: await api.deleteItems({ deleteItemsRequest: { locationCodes: ['W07', 'W08'], items: [good] } }),
  dryRun: await api.deleteItems({ deleteItemsRequest: { dryRun: true, items: [good] } }),
  refused: await failure(api.refresh({ refreshRequest: upload([]) })),
  unauthorised: await failure(stranger.refresh({ refreshRequest: upload([good]) })),
}
const printed = Object.entries(answers).map(([call, answer]) => [call, { json: JSON.stringify(answer), inspected: inspect(answer) }])
process.stdout.write(JSON.stringify(Object.fromEntries(printed)), () => process.exit(0))
