import type { SecurityRule } from '../rule.ts'

// Tools name themselves unless told not to. Whole names are looked for: a phone called Cubot, a search
// engine's crawler and a monitor are clients like any other.

const agent = ['user-agent'] as const

export const agentRules: readonly SecurityRule[] = [
  {
    id: 'scanner.tool',
    category: 'scanner',
    severity: 'high',
    source: 'OWASP CRS 913100; CAPEC-169',
    where: ['header'],
    headers: agent,
    pattern:
      /\b(?:sqlmap|nikto|nmap(?: scripting engine)?|masscan|nuclei|acunetix|nessus|openvas|greenbone|wpscan|dirbuster|dirb|gobuster|feroxbuster|ffuf|fuzz faster u fool|wfuzz|arachni|w3af|whatweb|skipfish|havij|jaeles|commix|dirsearch|thc-hydra|metasploit|burp ?suite|burpcollaborator|owasp[ _-]?zap|zaproxy|netsparker|invicti|appscan|webinspect|detectify|joomscan|droopescan|cmsmap|sqlninja|sqlsus|bsqlbf|fimap|vega\/|xsser|xsstrike|dalfox|kxss|paros|grendel-scan|zmeu|muieblackcat|jorgee|morfeus|wapiti|w00tw00t|netlab360|httpx - open-source project|katana\/|subfinder|aquatone|eyewitness|interactsh|crlfuzz|tplmap|ghauri|nosqlmap|mozi\.m|hakai|l9explore|l9tcpid|l9scan)\b|\(hydra\)/i,
  },
  {
    id: 'scanner.survey',
    category: 'scanner',
    severity: 'low',
    source:
      'https://github.com/MISP/misp-warninglists (security providers), the operators’ own pages',
    where: ['header'],
    headers: agent,
    pattern:
      /\b(?:zgrab|censysinspect|expanse|palo alto networks company|internet-?measurement|internetmeasurement|shodan|binaryedge|leakix|netsystemsresearch|project-?resonance|odin\.io|onyphe|criminalip|stretchoid|internettl|nicecrawler|securitytrails|rwth aachen research|modat-?scan|shadowserver|cypex|driftnet|fofa|zoomeye|hunter\.how|paloaltonetworks)\b/i,
  },
  {
    id: 'scanner.interaction',
    category: 'scanner',
    severity: 'high',
    source:
      'https://github.com/projectdiscovery/interactsh, https://portswigger.net/burp/documentation/collaborator; CAPEC-664',
    where: ['path', 'query', 'header', 'body'],
    pattern:
      /\b(?:interact\.sh|oast\.(?:pro|live|site|online|fun|me)|burpcollaborator\.net|oastify\.com|dnslog\.(?:cn|link)|ceye\.io|bxss\.(?:me|in)|xss\.(?:report|ht)|requestrepo\.com|canarytokens\.com|dnslog\.pw|interactsh\.com|tssrt\.jp|log4j\.binaryedge\.io)\b/i,
  },
  {
    id: 'scanner.path',
    category: 'scanner',
    severity: 'high',
    source: 'https://nmap.org/book/vscan-technique-demo.html; CAPEC-169',
    where: ['path'],
    pattern:
      /^\/(?:nmaplowercheck\d|nmapuppercheck\d|nice ports,|nice%20ports|trinity\.txt\.bak|acunetix-wvs-test|nikto-test|nessus\d{2,9}|w00tw00t|muieblackcat|sdk\/\.\.|hello\.world\/?$|owaspzap|\.well-known\/\.env|cgi-bin\/a\d\b)/i,
  },
]
