import type { SecurityRule } from '../rule.ts'

// A command has to follow something that ends the one before it, and most of them an argument that a
// reader of lists would not write: `fields=name|id` is a list, `8.8.8.8|id` is not.

const command = (
  id: string,
  severity: SecurityRule['severity'],
  source: string,
  pattern: RegExp,
  where: SecurityRule['where'] = ['path', 'query', 'body'],
  plain = false,
): SecurityRule => ({
  id: `command.${id}`,
  category: 'command',
  severity,
  source,
  where,
  pattern,
  plain,
})

const everywhere: SecurityRule['where'] = ['path', 'query', 'header', 'body']

export const commandRules: readonly SecurityRule[] = [
  command(
    'chain',
    'critical',
    'OWASP CRS 932230, 932235; CWE-78; CAPEC-88',
    /^[^\s;|&`$<>{}]{0,64}["')]{0,2}(?: ?[;|&]{1,3}|`|\$\(`?) ?(?:\/(?:usr\/)?(?:local\/)?s?bin\/\w{2,12}|cat (?:-\w )?[/.~$*<]|ls(?: -\w{1,4}| [/.~])|ping6? (?:-\w|\d)|curl (?:-|https?:|[\w$`-]{1,40}\.|\d|`)|wget (?:-|https?:|ftp:|\d|[\w-]{1,40}\.)|nc (?:-|\d)|ncat |bash(?: -[ci]|<|$)|sh -|python[23]? -c|perl -|php -|ruby -|node -e|powershell|pwsh |cmd(?:\.exe)? ?\/[ck]|nslookup |dig [\w$`@-]{1,60}\.|sleep \d{1,4}(?:[;|&`)#'"]|$|s\b)|rm -|chmod [+\d]|uname -|type (?:[a-z]:|%)|net (?:user|localgroup|view)|certutil|bitsadmin|mshta|tftp |ftp -|telnet \d|busybox|dir (?:[a-z]:|\/)|echo \S{1,60} ?(?:>|\||;|$)|printf ['"%\\]|touch \/|mkdir \/|find \/|grep -|tail -|ps (?:-|aux)|kill -|whoami|ifconfig|ipconfig|netstat -|systeminfo|tasklist|cd (?:\/|\.\.)|expr \d|timeout \/?\d|regsvr32|rundll32|wmic |printenv|cp \/|mv \/|base64 -|reg (?:add|query|save) |netsh |sc (?:query|stop|config) )/i,
  ),
  command(
    'bare',
    'high',
    'OWASP CRS 932230; CWE-78; CAPEC-88',
    /^(?:[\d.]{0,15}|localhost|127\.0\.0\.1|test|x|a)["']?(?: ?(?:;|\|{1,2}|&{1,2}|\n) ?)(?:\/(?:usr\/)?bin\/)?(?:id|ls|ps|pwd|dir|env|w|who|ver|uname|hostname|whoami|set)(?: ?[;|&#]| ?$)|^[^\s;|&`$]{0,32}(?:\$\((?:id|ls|whoami|uname|pwd|hostname|ps|env)\)(?!\.)|`(?:id|ls|whoami|uname|pwd|hostname|ps|env)`)$/i,
  ),
  command(
    'strong',
    'critical',
    'OWASP CRS 932130, 932160, 932260; CWE-78; CAPEC-88',
    /\$\{?ifs\b|\/dev\/(?:tcp|udp)\/[\w.]{1,60}\/\d|(?:;|\||&|`|\$\(|\n) ?(?:wget|curl|tftp|fetch) .{0,100}(?:; ?(?:chmod|sh|bash|\.\/)|\| ?(?:ba|z|da)?sh\b|-o ?\/?(?:tmp|var|dev))|\brm -rf? (?:\/|\*|~).{0,40}(?:wget|curl|tftp|;|$)(?=.{0,4}(?:$|wget|curl|cd|\/))|\b(?:ba)?sh -i ?>?&|\bnc(?:at)? (?:-\w{1,4} ){0,3}[\w.]{1,60} \d{2,5} ?(?:-e|-c|\|)|\bmkfifo \/tmp|(?:^|[;|&= ])\/bin\/(?:ba|c|z|da)?sh\b(?! )|cmd(?:\.exe)? ?\/c ?(?:\+|"|dir|echo|ping|type|whoami|net|set|ver|start|copy|powershell|certutil)|powershell(?:\.exe)? (?:-\w{1,20} ){0,4}-(?:e|enc|encodedcommand|nop|w hidden|c|command)\b|\biex ?\(? ?\(?(?:new-object|iwr|invoke-web)|(?:;|\||&|`|\$\(|\n) ?(?:\/bin\/)?cat (?:\/etc\/|\/proc\/|\.\.\/|c:|\/flag)|\(\(?cat (?:\/etc|<)|(?:^|[;|&`$( ])\/(?:\?{2,4}|\w{0,3}\?[\w?]{0,3})\/[\w?*]{1,8}|[;|&`] ?\{(?:cat|ls|curl|wget|id|ping|bash|sh|nc|echo),|\bcat (?:<|\$@|'{2}|"{2}|\\)|\bcd \/(?:tmp|var\/run|mnt|root|data\/local)(?: ?[;|&])/i,
    ['path', 'query', 'header'],
  ),
  command(
    'shellshock',
    'critical',
    'CVE-2014-6271 (KEV); OWASP CRS 932170; CWE-78',
    /\( ?\) ?\{ ?(?:[:_]|[^}]{0,20};) ?[^}]{0,40}\} ?(?:;|>|_)/,
    everywhere,
  ),
  command(
    'php',
    'critical',
    'OWASP CRS 933100, 933120, 933160; CVE-2012-1823, CVE-2024-4577 (KEV); CWE-94',
    /\b(?:allow_url_include|auto_prepend_file|safe_mode ?=|disable_functions ?=|open_basedir ?=)|<\?(?:php\b|=| ).{0,120}(?:system|exec|passthru|eval|shell_exec|assert|base64_decode|phpinfo|file_put_contents|echo|print|\$_)|\b(?:eval|assert|system|passthru|shell_exec|popen|proc_open|file_put_contents|create_function) ?\( ?(?:\$_(?:get|post|request|server|cookie)|base64_decode|gzinflate|chr\()|(?:^|[;{(.'"?&= ])(?:system|passthru|shell_exec) ?\( ?['"](?:id|ls|cat|whoami|uname|dir|wget|curl|ping)|\bcall_user_func(?:_array)?\b|\\?think\\?[/\\]app|\binvokefunction\b|^[^\w]{0,4}(?:phpinfo|phpversion)\(\)[;)}'"]|^[^\w(\s]\W{0,3}(?:phpinfo|system|passthru|exec|eval|shell_exec)\(|['"}{;.]{1,4}(?:phpinfo|die|print) ?\((?:md5|\)|\d|"|')|\bprint\(md5\(|\bo:\d{1,3}:"[\w\\]{1,60}":\d{1,3}:\{/i,
    everywhere,
  ),
  command(
    'node',
    'critical',
    'OWASP CRS 934100; CWE-94',
    /\brequire ?\( ?['"`](?:node:)?(?:child_process|fs|net)['"`] ?\) ?\.|process\.(?:mainmodule|binding ?\(|env\b.{0,20}\})|global\.process\.|child_process['"\])].{0,10}exec|_\$\$nd_func\$\$_|this\.constructor\.constructor|\bconstructor\.constructor ?\( ?['"]return/i,
  ),
  command(
    'prototype',
    'high',
    'OWASP CRS 934130; CWE-1321; CAPEC-1',
    /^(?:\w{0,30}[.[]?)(?:__proto__|constructor\]?(?:\[|\.)prototype)(?:$|[\].[])|^__proto__$/,
    ['query', 'body'],
    true,
  ),
  command(
    'spring',
    'critical',
    'CVE-2022-22965 (KEV); CWE-94',
    /^class[.[]module[.\]]|class\.module\.classloader/i,
    ['query', 'body'],
    true,
  ),
  command(
    'serialized',
    'high',
    'OWASP CRS 944210; CWE-502; CAPEC-586',
    /^rO0AB[XZg]|^H4sIAAAAAAAA\/?[A-Za-z\d+/]{0,8}rO0|^AAEAAAD\/{5}|^gASV/,
    ['query', 'body'],
    true,
  ),
  command(
    'java',
    'critical',
    'OWASP CRS 944100, 944110; CVE-2017-5638 (KEV); CWE-502',
    /java\.lang\.(?:runtime['")@]|runtime\)?\.getruntime|processbuilder)|@java\.lang\.|t ?\( ?java\.lang|\bgetruntime ?\( ?\) ?\.exec|#_?memberaccess|#context\[|xwork2?[.']|ognl[.@]|[%$]\{ ?\(? ?#|\bredirect(?:action)?:[%$]\{|javax\.script\.scriptengine|\bnew java\.(?:io|lang|net)\./i,
    everywhere,
  ),
  command(
    'crlf',
    'high',
    'OWASP CRS 921120; CWE-113; CAPEC-34',
    /[;] ?(?:set-cookie ?: ?\w{1,40}=|location ?: ?(?:https?:)?\/\/|content-length ?: ?\d|content-type ?: ?text\/html|x-xss-protection ?:|http\/1\.[01] \d{3} )/i,
    ['path', 'query'],
  ),
]
