import { memory } from '../../../adapters/store/memory.ts'
import { storeConformance } from '../../conformance/store.ts'

storeConformance('memory', () => Promise.resolve({ store: memory() }))
