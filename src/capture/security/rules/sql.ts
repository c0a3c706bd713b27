import type { SecurityRule } from '../rule.ts'

// An injection has to leave the place it was put in: a value of prose or code that only speaks of SQL
// does not. So most patterns begin where a value does, with what ends a number or a quoted text.

const sql = (
  id: string,
  severity: SecurityRule['severity'],
  source: string,
  pattern: RegExp,
  where: SecurityRule['where'] = ['path', 'query', 'body'],
): SecurityRule => ({
  id: `sqli.${id}`,
  category: 'sqli',
  severity,
  source: `${source}; CWE-89; CAPEC-66`,
  where,
  pattern,
  plain: false,
})

const narrow: SecurityRule['where'] = ['path', 'query']

export const sqlRules: readonly SecurityRule[] = [
  sql(
    'union',
    'critical',
    'OWASP CRS 942190, 942270',
    /^(?:(?= )|-?\d[\w.]{0,20}|[^'"]{0,80}['"]|[\w-]{0,40}\))[')" ]{0,6}(?:[^'"]{0,40} )?union[ (]{1,3}(?:all |distinct )?[( ]{0,3}select\b/i,
  ),
  sql(
    'union-list',
    'critical',
    'OWASP CRS 942190, 942270',
    /\bunion(?: all| distinct)?[ (]{1,3}select[ (]{1,3}(?:null|\d{1,8}|@@\w{1,30}|'[^']{0,40}'(?:\|\|'[^']{0,40}')?(?:\|\|'[^']{0,40}')?|0x[\da-f]{1,40}|(?:char|concat|version|user|database|group_concat|unhex|hex|load_file)\([^)]{0,40}\)) ?(?:,|--|#|$|from )/i,
    narrow,
  ),
  sql(
    'tautology',
    'critical',
    'OWASP CRS 942130',
    /['")] ?(?:or|and|\|\||&&|xor|having|where) ?(?:not )?[('"` ]{0,5}([\w-]{0,20})[)'"` ]{0,3}(?:=|<=>|like|rlike|is|>=|<=)[('"` ]{0,5}\1(?=[)'"` ;#-]|$|\/\*)/i,
  ),
  sql(
    'numeric',
    'critical',
    'OWASP CRS 942130',
    /^(?:(?= )|-?\d[\w.-]{0,40}|['")]{1,2}(?= ))[)'" ]{0,4}(?:or|and|\|\||&&|xor|having|rlike) ?(?:not )?[( '"]{0,4}(?:(\w{1,20})['"]? ?(?:=|<=>|like) ?['"]?\1\b|\d{1,8}['"]? ?(?:=|<|>|<>|!=) ?['"]?\d{1,8}|true\b|false\b|\(?select\b|(?:length|ascii|substring?|mid|ord|exists|if|char|hex|version|user|database)\()/i,
  ),
  sql(
    'quoted',
    'critical',
    'OWASP CRS 942130, 942180',
    /^[^'"]{0,60}['"][) ]{0,4}(?:or|and|\|\||&&|xor|having|rlike) ?(?:not )?[( '"]{0,5}(?:\d{1,8}['")]{0,3} ?(?:=|<|>|<>|!=|like) ?['"(]{0,3}\d{1,8}|true\b|false\b|1 ?(?:--|#|$|;)|\(?select\b|(?:length|ascii|substring?|mid|ord|exists|if|sleep|benchmark|pg_sleep|extractvalue|updatexml|version|user|database)\(|'?['"] ?(?:=|like|<|>) ?['"]|(?:''|"") ?[-+*&^= ]{0,3}['"]?$|\w{1,20} ?(?:is not null|is null|like ?'%|= ?\w{1,20} ?--))/i,
  ),
  sql(
    'comment',
    'high',
    'OWASP CRS 942440',
    /^[\w.@ -]{0,60}['"][); ]{0,4}(?:--[ +-]{0,4}[\w-]{0,8}|#|\/\*.{0,10}|%00|;\0)$|^[\w.@-]{0,60}['"][); ]{0,4}(?:or|and|limit|order|group|having)\b[^'"]{0,60}(?:--|#|\/\*)[ +-]{0,4}\w{0,8}$|^-?\d{1,10}[)'"]{0,3} ?(?:--|#|;--)[ +-]{0,4}$/i,
  ),
  sql(
    'stacked',
    'critical',
    'OWASP CRS 942350, 942360',
    /(?:^|['")\d ]) ?; ?(?:drop (?:table|database|schema|user|view|index)\b|insert into \w|update \w{1,40} set |delete from \w|alter (?:table|user|database|login)\b|create (?:table|user|database|function|login|or replace)\b|exec(?:ute)? ?(?:\(|xp_|sp_|master|'|@)|declare @|waitfor (?:delay|time)|shutdown(?: ?--|;|$)|copy \w{1,40}[^;]{0,40}(?:from|to) (?:program|')|truncate (?:table )?\w{1,40}(?:;|--|$)|select (?:pg_sleep|sleep|load_file|\*|.{1,60} from )|grant all|set @|use master|call \w{1,40}\(|begin )/i,
  ),
  sql(
    'time',
    'critical',
    'OWASP CRS 942160, 942280',
    /(?:\b(?:select|and|or|xor|then|when|where|having|by|rlike|like|union)|[|'"=,+*\d-]) ?[( ]{0,4}(?:sleep ?\( ?\d{1,4} ?\)|pg_sleep ?\(|benchmark ?\( ?\d{3,12})|^[&|;' ")]{0,4}(?:sleep|pg_sleep|benchmark) ?\( ?\d{1,9}[^)]{0,40}\) ?(?:#|--|=|['"])|\bif ?\([^)]{1,60}\)?,{0,1} ?sleep ?\(|waitfor delay ?'\d|dbms_(?:pipe\.receive_message|lock\.sleep|session\.sleep)|randomblob ?\( ?\d{6,12}|(?:^|[^\w.])pg_sleep ?\( ?\d|(?:^|[^\w.])benchmark ?\( ?\d{4,10} ?,/i,
    ['path', 'query', 'header', 'body'],
  ),
  sql(
    'function',
    'high',
    'OWASP CRS 942140, 942151',
    /\b(?:extractvalue|updatexml) ?\( ?(?:\d|null|rand|concat|1)|\bload_file ?\( ?(?:'|0x|char)|\binto (?:out|dump)file ?['"]|\bxp_(?:cmdshell|dirtree|regread|fileexist|subdirs)\b|\butl_(?:http\.request|inaddr\.get_host|file\.)|ctxsys\.drithsx|\bexp ?\(~ ?\(|\bsp_(?:oacreate|executesql|password)\b|\b(?:chr|char)\(\d{1,3}\) ?(?:\|\||\+) ?(?:chr|char)\(|\bgroup_concat ?\( ?(?:table_name|column_name|schema_name|user|password|0x)|\bconvert ?\( ?int ?, ?(?:\(|@@|db_name|user)|\bprocedure analyse ?\(|\bload data (?:local )?infile '|\bxmltype ?\( ?\(|\bjson_keys ?\( ?\(|\bmake_set ?\( ?\d/i,
  ),
  sql(
    'subquery',
    'high',
    'OWASP CRS 942200, 942480',
    /\( ?select\b.{1,100}\bfrom ?[( ]?(?:information_schema|sys\.|sysobjects|mysql\.|pg_(?:catalog|user|shadow|tables|stat)|all_(?:tables|users)|dba_|v\$|sqlite_master|master\.\.|msysobjects|dual\b|select\b|generate_series|users?\b)|\(select ?\* ?from ?\(select|\( ?select (?:user|version|database|current_user|@@\w{1,20}|count|password|pass|group_concat)\b.{0,60}\)|(?:^|['")\d;]) ?(?:and|or|,|union|;).{0,60}\bfrom information_schema\.|\bcase when ?\(?.{1,60}then .{0,40}(?:sleep|1\/0|\(select|cast\(|to_char)|^-?\d{0,10}['")]{0,3} ?(?:[-+*/|]{1,2}) ?\( ?(?:select|case)\b/i,
    narrow,
  ),
  sql(
    'order',
    'medium',
    'OWASP CRS 942230',
    /^(?:(?= )|-?\d{1,10}[')" ]{0,4}|[^'"]{0,40}['"][) ]{0,4})(?: |\+)?(?:order|group) by (?:\d{1,4}(?: ?,\d{1,4}){0,20}|[\w.]{1,30} having 1) ?(?:--|#|$)|^(?:(?= )|-?\d{1,10}[')" ]{0,4}|[^'"]{0,40}['"][) ]{0,4})(?:limit \d{1,4}(?:,\d{1,4})?|having \d=\d|procedure) ?(?:--|#|into|union|$)/i,
  ),
  sql(
    'heuristic',
    'medium',
    'https://github.com/sqlmapproject/sqlmap (heuristic test)',
    /^[\w .-]{0,32}(?=[^']{0,12}')(?=[^"]{0,12}")(?=[^(]{0,12}\()[()'",.]{6,12}$/,
    narrow,
  ),
  sql(
    'nosql',
    'high',
    'OWASP CRS 942290; CWE-943',
    /^(?:\w{1,20}[.[])?(?:user(?:name)?|login|email|pass(?:word|wd)?|token|otp|code|pin|secret)\]?\[\$(?:ne|regex|gte?|exists|nin|not|lte?|in)\]|^\[?\$where\]?$|\[\$where\]|^['"] ?(?:\|\||&&) ?(?:['"]?\w{0,10}['"]? ?===? ?['"]?\w{0,10}|this\.)|^[\w ]{0,20}['"] ?; ?return (?:true|''? ?==|this|\(?function)|\{ ?["']?\$(?:ne|gt|where|regex)["']? ?: ?(?:null|''|""|1|-1|["'](?:\.\*|\^|sleep|this|function))|;sleep\(\d{3,6}\)|db\.\w{1,40}\.(?:find|insert|drop|update|remove)\(/i,
  ),
]
