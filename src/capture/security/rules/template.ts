import type { SecurityRule } from '../rule.ts'

// Templates are what some apps are about. A sum between braces is how an engine is found out, and a
// class or a runtime how it is left; a placeholder is neither.

const template = (
  id: string,
  severity: SecurityRule['severity'],
  source: string,
  pattern: RegExp,
  where: SecurityRule['where'] = ['path', 'query', 'header', 'body'],
): SecurityRule => ({
  id: `template.${id}`,
  category: 'template',
  severity,
  source,
  where,
  pattern,
  plain: false,
})

export const templateRules: readonly SecurityRule[] = [
  template(
    'jndi',
    'critical',
    'CVE-2021-44228 (KEV); OWASP CRS 944150; CWE-917',
    /\$\{ ?jndi ?:|\$\{[^{}]{0,12}\$\{(?:lower|upper|env|sys|java|date|base64|main|k8s|bundle|ctx|web|hostname|[^{}:]{0,20}:{0,3}-)[^{}]{0,30}\}|\$\{(?:lower|upper):\$?\{?j|jndi:(?:ldaps?|rmi|dns|iiop|corba|nis|nds|https?):/i,
  ),
  template(
    'sum',
    'high',
    'CWE-1336; CAPEC-242; https://portswigger.net/research/server-side-template-injection',
    /(?:\{{2,3}|[$#@*~]\{|<%[=-]?|\{%|\[\[|@\(|\{=|\$\{\{|#set\(\$\w=) ?[= ]?['"(]{0,2}\d{1,10}['")]{0,2} ?[*+-] ?['"]?\d{1,10}['")]{0,2} ?(?:\}|%>|\]|\)|%)|^\{ ?\d{1,6} ?\* ?\d{1,6} ?\}$/,
  ),
  template(
    'object',
    'critical',
    'CWE-1336; CAPEC-242; https://portswigger.net/research/server-side-template-injection',
    // What is dangerous first, and only where it stands the opening before it: the other way round each
    // bracket would look ahead for all of it.
    /(?=(?:__(?:class|mro|base|bases|subclasses|globals|builtins|init|import|dict|getattribute)__|\.mro\(|_self\.env|request\.application|lipsum[.[]|cycler[.[]|joiner[.[]|\bself\._|config\.(?:items|from_|secret_key|class)|\.getruntime|\.getclass\(|\bt\(java|popen ?\(|\['?constructor|\.constructor[.(]|\['__|\|attr\(|applicationscope|facescontext|registerundefinedfiltercallback|\bfreemarker|objectwrapper|execute['"]|file\.open\(|\bsystem\(|\bio\.popen|`(?:id|ls|cat|whoami)|\bphp\}|smarty\.(?:version|template)|\|(?:filter|map|reduce|sort)\(['"](?:system|exec|passthru)))(?<=(?:\{{2}|\{%|[$#*@]\{|<%|\[\[|\{)[^{}]{0,120})/i,
  ),
  template(
    'directive',
    'high',
    'CWE-1336; CAPEC-242',
    /<#assign.{0,60}(?:freemarker|\?new)|#set ?\( ?\$\w{1,20} ?= ?['"$(\d].{0,120}(?:class|getruntime|exec|\*)|<%=? ?(?:system|exec|`|file\.|dir\.|io\.|eval|require|runtime|request\.)|\{php\}|\{system\(|\{\{ ?(?:config|settings\.secret_key|self|request|dump\(|app\.request|_context|constructor)(?: ?\}\}|\.|\|)|\{% ?(?:debug|import os|include ['"]\/|for \w{1,10} in (?:\[\]|\(\)|''|""|request))|<!--#(?:exec|include|echo|printenv)|\$\{(?:class\.|self\.module|__import__|new java|pagecontext|session\.|applicationscope|@|T\()|<esi:(?:include|vars|debug)/i,
  ),
]
