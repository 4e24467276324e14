// Sends the same requests as hawtio: with its client library, its options, and in its order. Prints a line for each answer.
//
// node hawtio.mjs URL-OF-JOLOKIA OPERATORS-TOKEN
import Jolokia from '@jolokia.js/simple'

// The library requires the global window of a page.
globalThis.window = globalThis

const [url, token] = process.argv.slice(2)
const state = 'io.github.csvbackup:type=CsvBackupState'
const volume = 'C:\\ClusterStorage\\Volume2'

// The options that hawtio sets for all requests.
const options = {
  url,
  method: 'post',
  mimeType: 'application/json',
  maxDepth: 9,
  maxCollectionSize: 50000,
  canonicalNaming: false,
  ignoreErrors: true,
}
const anybody = new Jolokia(options)
const operator = new Jolokia({ ...options, username: 'operator', password: token })

const say = (what, value) => console.log(`${what}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)

const fails = async (what, promise) => {
  try {
    say(what, ['should have failed', await promise])
  } catch (error) {
    say(what, error instanceof Response ? `HTTP ${error.status}` : String(error?.message ?? error))
  }
}

say('version', (await anybody.version()).protocol)

// hawtio first looks for its own list, then for all MBeans.
const own = await anybody.request({ type: 'list', path: 'hawtio/type=security,name=RBACRegistry' })
say('a list that is not there', own.status)
const registry = { type: 'exec', mbean: 'hawtio:type=security,name=RBACRegistry', operation: 'list()' }
say('an operation of an MBean that is not there', (await anybody.request(registry)).status)
const domains = await anybody.list()
say('domains', Object.keys(domains))
const described = domains['io.github.csvbackup']['type=CsvBackupState']
say('an attribute', described.attr.StaleCount.type)
say('an operation', described.op.assess.args.map(argument => argument.name))
say('part of a list', Object.keys(await anybody.list(['io.github.csvbackup', 'type=CsvBackupState', 'op', 'forceClear'])))
say('domains and names', await anybody.list(null, { maxDepth: 2 }))

say('search', await anybody.search('io.github.csvbackup:type=Csv*'))
say('search without a match', await anybody.search('hawtio:*'))

// The page of attributes reads all of them, then polls the same list.
const all = await anybody.getAttribute(state)
say('all attributes', Object.keys(all).includes('Volumes') && Object.keys(all).includes('Backend'))
say('two attributes', await anybody.getAttribute(state, ['Backend', 'InProgressCount']))
say('one attribute', await anybody.getAttribute(state, 'Backend'))
say('a path', await anybody.getAttribute(state, 'Volumes', '1/volume'))
say('an error that is ignored', Object.keys(await anybody.getAttribute(state, ['Backend', 'Nothing'])))
await fails('an attribute that is not there', anybody.getAttribute(state, 'Nothing', { ignoreErrors: false }))
await fails('an MBean that is not there', anybody.getAttribute('java.lang:type=Memory', 'HeapMemoryUsage'))

const bulk = await anybody.request([
  { type: 'read', mbean: state, attribute: 'Backend' },
  { type: 'read', mbean: 'java.lang:type=Runtime', attribute: 'Name' },
  { type: 'search', mbean: 'io.github.csvbackup:*' },
])
say('bulk', bulk.map(answer => answer.status))
const tooMany = await anybody.request(Array.from({ length: 60 }, () => ({ type: 'version' })))
say('too many parts', [tooMany.length, ...new Set(tooMany.map(answer => answer.status))])

// The pages poll with registered requests, and read the list again only if it changed.
const seen = await new Promise(resolve => {
  const poller = new Jolokia({ ...options, fetchInterval: 50 })
  const handle = poller.register(
    answer => {
      poller.unregister(handle)
      poller.stop()
      resolve(answer.value)
    },
    { type: 'read', mbean: state, attribute: 'Backend' },
  )
  poller.start(50)
})
say('a registered request', seen)
const listed = await anybody.request({ type: 'list' })
const again = await anybody.request({ type: 'list', config: { ifModifiedSince: listed.timestamp + 1 } })
say('a list that did not change', again.status)

say('assess', (await anybody.execute(state, 'assess(java.lang.String)', volume)).verdict)
say('assess by its bare name', (await anybody.execute(state, 'assess', volume)).volume)
await fails('assess without an argument', anybody.execute(state, 'assess'))
await fails('an operation that needs an operator', anybody.execute(state, 'clear', volume))
say('clear', (await operator.execute(state, 'clear', volume)).outcome)
say('the audit', (await operator.execute(state, 'recentAudit(int)', 1))[0].principal)
await fails('half a line of the audit', operator.execute(state, 'recentAudit', 0.5))
await fails('an attribute to write', operator.setAttribute(state, 'Backend', 'WINDOWS'))
const byGet = await operator.request(
  { type: 'exec', mbean: state, operation: 'clear', arguments: ['Volume2'] },
  { method: 'get' },
)
say('a clear by GET', [byGet.status, byGet.error])
