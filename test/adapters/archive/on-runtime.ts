// Archives in a directory and in S3; run on each runtime with files by runtimes.test.ts.
import process from 'node:process'
import { directory } from '../../../adapters/archive/directory.ts'
import { s3, type S3Options } from '../../../adapters/archive/s3.ts'
import { roundTrip } from './round-trip.ts'

const [home = '', options = ''] = process.argv.slice(3)
// The test wrote them.
const stores = [directory(home), s3(JSON.parse(options) as S3Options)]
for (const store of stores) console.log(JSON.stringify(await roundTrip(store, AbortSignal.abort())))
