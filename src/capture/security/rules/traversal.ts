import type { SecurityRule } from '../rule.ts'

// `../` alone is no attack: relative addresses are sent in queries, and code is full of them. In a path
// it is one, for a client resolves its dots before it sends them (RFC 3986, section 5.2.4).

const traversal = (
  id: string,
  severity: SecurityRule['severity'],
  source: string,
  where: SecurityRule['where'],
  pattern: RegExp,
): SecurityRule => ({
  id: `traversal.${id}`,
  category: 'traversal',
  severity,
  source,
  where,
  pattern,
})

export const traversalRules: readonly SecurityRule[] = [
  traversal(
    'path',
    'high',
    'OWASP CRS 930110; CWE-22; CAPEC-126',
    ['path'],
    /(?:^|\/)\.{2,3}(?:\/|$)|\.\.;\/|\/\.\.(?:\/|\0)/,
  ),
  traversal(
    'deep',
    'high',
    'OWASP CRS 930110; CWE-23; CAPEC-126',
    ['query', 'body'],
    /^[^\s'"<>]{0,120}?(?:\.{2,4}[/\\]{1,4}(?:\.[/\\]{1,3})?){3}[^\s'"<>]{0,400}$|(?:(?:\.\.|0x2e0x2e)(?:0x)?(?:2f|5c|[/\\])){3}|^(?:li4v){2}|^[^\s'"<>]{0,120}?(?:\.{2,4}[/\\]{1,4}){1,2}(?:[\w.-]{1,40}[/\\]){0,4}(?:etc|proc|windows|winnt|boot\.ini|win\.ini|web-inf|passwd|shadow|\.env|\.git|\.ssh|\.htaccess|(?:wp-)?config(?:uration)?\.(?:php|inc|ya?ml)|index\.php|settings\.py|web\.config|var\/log|autoexec\.bat|id_rsa)(?:[/\\.]|$|\0)/i,
  ),
  traversal(
    'file',
    'critical',
    'OWASP CRS 930120; CWE-22; CAPEC-126',
    ['path', 'query', 'body'],
    /^(?:(?:file|view-source|netdoc|jar:file):)?[\w.:/\\;~-]{0,200}[/\\](?:etc[/\\]{1,3}(?:passwd|shadow|gshadow|group|master\.passwd|sudoers|crontab)|proc[/\\]{1,3}(?:self|\d{1,7}|version|cmdline|mounts|net)[/\\]?(?:environ|cmdline|maps|status|fd|cwd|root|mounts|version|tcp|arp)?|windows[/\\]{1,3}(?:win\.ini|system\.ini|system32[/\\]{1,3}(?:drivers|config|cmd\.exe|inetsrv|license))|boot\.ini|winnt[/\\]|var[/\\]log[/\\](?:apache2?|nginx|auth\.log|httpd|messages|syslog)|(?:var|opt|usr)[/\\][\w./-]{0,60}(?:access|error|referer|agent)[._ ]{1,2}log|root[/\\]\.(?:ssh|bash_history)|home[/\\]\w{1,30}[/\\]\.ssh|web-inf[/\\](?:web\.xml|classes))(?:\0.{0,20}|[.?#]\w{0,10}|[/\\][\w./\\-]{0,80})?$/i,
  ),
  traversal(
    'wrapper',
    'high',
    'OWASP CRS 933140, 931100; CWE-98; CAPEC-193',
    ['query', 'body'],
    /^(?:php:\/{2}(?:filter|input|fd|memory|temp|output)|(?:expect|zip|phar|zlib|glob|rar|ogg|compress\.(?:zlib|bzip2)|dict|gopher|netdoc):\/{2}|data:\/{2}text\/plain|data:text\/plain;base64,pd9|file:\/{2,3}(?:localhost)?\/?(?:etc|proc|var|windows|c:|root|home|dev)\b|jar:(?:https?|file):)/i,
  ),
  traversal(
    'metadata',
    'critical',
    'CWE-918; CAPEC-664',
    ['path', 'query', 'body'],
    /(?:https?:)?\/{2}(?:[^/@\s]{0,40}@)?(?:169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|100\.100\.100\.200|\[?fd00:ec2::254\]?|2852039166|0xa9fea9fe|0251\.0376\.0251\.0376|\[::ffff:a9fe:a9fe\])(?:[:/]|$)/i,
  ),
  traversal('null-byte', 'high', 'OWASP CRS 920270; CWE-158; CAPEC-52', ['path', 'query'], /\0/),
]
