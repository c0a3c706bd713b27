#!/usr/bin/env node
import process from 'node:process'
import { cli } from './cli.ts'

const { code, stdout, stderr } = await cli(process.argv.slice(2), process.env)
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = code
