import type { SecurityRule } from '../rule.ts'

// Markup is what people search for and what editors send. It is taken for an attack where it would run
// something: a handler that calls, an address that is script, a text that breaks out of its quotes.

const xss = (
  id: string,
  severity: SecurityRule['severity'],
  source: string,
  pattern: RegExp,
  where: SecurityRule['where'] = ['path', 'query', 'header', 'body'],
): SecurityRule => ({
  id: `xss.${id}`,
  category: 'xss',
  severity,
  source: `${source}; CWE-79; CAPEC-63`,
  where,
  pattern,
  plain: false,
})

const narrow: SecurityRule['where'] = ['path', 'query', 'header']

export const markupRules: readonly SecurityRule[] = [
  xss(
    'script',
    'critical',
    'OWASP CRS 941110',
    /<\/?script(?:[\s/][^>]{0,120})?>?.{0,60}?(?:alert|prompt|confirm|eval|print|document|window|location|fetch|import|fromcharcode|atob|top|self|globalthis|settimeout|xmlhttprequest|activexobject|new image|\$\.get)[ ]?[(`.[=,]|<script[\s/].{0,80}?src ?= ?['"]?(?:https?:)?\/{2}|<script[\s/]{1,2}src ?=|<script[\s/][^>]{1,80}(?:event|for) ?=|<script ?>? ?(?:\/\/|$)|'';!--"|<scr<script|<script[^\s>\w-]/i,
    narrow,
  ),
  xss(
    'script-value',
    'critical',
    'OWASP CRS 941110',
    /^[\w@. -]{0,40}["'/> )]{0,6}<script(?:[\s/][^>]{0,120})?>[^ <]{0,60}?(?:alert|prompt|confirm|eval|print|document\.|window\.|location|fetch|fromcharcode|atob)/i,
    ['body'],
  ),
  xss(
    'handler',
    'critical',
    'OWASP CRS 941120',
    /<[a-z!?/][^>]{0,160}?[\s/"'`]on[a-z]{3,24}[ ]?=.{0,60}?(?:(?:alert|prompt|confirm|eval|print|fetch|import|atob|settimeout|setinterval|function|write)[ ]?(?:[(`.]|\)\()|document[.[]|window[.[]|top\[|self\[|location[ ]?[.=]|fromcharcode|\$\.get|globalthis|this\[|\[\]\.|&#|\\u00|src[ ]?=|javascript:)|<[a-z][^>]{0,100}?[\s/"']on[a-z]{3,24} ?= ?["']?\d/i,
    narrow,
  ),
  xss(
    'handler-value',
    'critical',
    'OWASP CRS 941120',
    /^[\w@. -]{0,40}["'/> )]{0,6}<[a-z][^>]{0,160}?[\s/"'`]on[a-z]{3,24}[ ]?=.{0,40}?(?:(?:alert|prompt|confirm|eval|print|fetch|atob)[ ]?[(`]|document[.[]|fromcharcode)/i,
    ['body'],
  ),
  xss(
    'attribute',
    'high',
    'OWASP CRS 941120, 941160',
    /^(?:[^<>]{0,80}?["'`]|(?= ?on))[ />]{0,3}(?:[a-z]{2,20}(?:[ ]?=[ ]?[^\s<>]{0,40})?[ /]){0,3}on[a-z]{3,24}[ ]?=.{0,40}?(?:(?:alert|prompt|confirm|eval|print|fetch|atob|import)[ ]?[(`]|document[.[]|window[.[]|location)/i,
  ),
  xss(
    'uri',
    'high',
    'OWASP CRS 941170, 941210',
    /^[ "'(]{0,3}(?:j ?a ?v ?a ?s ?c ?r ?i ?p ?t|vb ?script|live ?script) ?:(?! |void ?\(0\)|;|\/{0,2}$|history\.|window\.(?:history|print)|print\(\)).{0,120}[(`=]|(?:href|src|action|formaction|data|xlink:href|background|from|to|values|srcdoc|code)[ ]?=[ ]?["'`]?[^"'`>a-z]{0,12}(?:j ?a ?v ?a ?s ?c ?r ?i ?p ?t|vb ?script|live ?script) ?:(?! ?void|;|["'`])|\burl ?\( ?["']?javascript:|^[ "'(]{0,3}data:(?:text\/html|application\/xhtml\+xml|image\/svg\+xml|text\/javascript)[;,].{0,80}(?:<|script|base64)/i,
  ),
  xss(
    'embed',
    'high',
    'OWASP CRS 941160, 941250',
    /<(?:iframe|object|embed|applet|base|frame|frameset|xml|isindex|bgsound|layer|ilayer)[\s/][^>]{0,100}?(?:src|data|href|code|srcdoc|codebase|formaction)[ ]?=|\bstyle ?= ?["'][^"'<>]{0,60}(?:expression ?\(|javascript:|-moz-binding|behaviou?r ?:)|=["']?&\{|<meta[\s/][^>]{0,60}http-equiv|<link[\s/][^>]{0,80}href[ ]?=[ ]?["']?(?:https?:)?\/{2}|<!entity |<!doctype [^>]{0,40}\[|<\?xml-stylesheet|<svg[^>]{0,60}>.{0,40}<(?:script|animate|set|foreignobject|use)|<(?:form|button|input)[\s/][^>]{0,80}formaction|<style[^>]{0,40}>.{0,40}(?:@import|expression|url)/i,
    ['path', 'query'],
  ),
  xss(
    'breakout',
    'high',
    'OWASP CRS 941390',
    /^[^'"`\\]{0,60}\\?['"`][;\-+*,)}\]| ^/?:]{1,5}(?:(?:window|self|top|this|globalthis)[.[]['"]?)?(?:alert|prompt|confirm|eval|print|setTimeout|fetch)['"\])]{0,3}[ ]?[(`]|<\/(?:title|textarea|script|style|noscript|xmp|iframe|template)>[ ]?<[a-z]{2,12}[\s/>]|\[\]\[['"](?:filter|map|constructor|sort|find)['"]\]|\bconstructor[.[]['"]?constructor|string\.fromcharcode ?\( ?\d{1,3} ?,|\beval ?\( ?(?:atob|unescape|string|name|location|function) ?[(.)]/i,
    narrow,
  ),
  xss(
    'theft',
    'critical',
    'CAPEC-63; CAPEC-31',
    /(?:fetch ?\(|location(?:\.href)? ?=|new image|\.src ?=|xmlhttprequest|sendbeacon ?\(|document\.write ?\().{0,80}document\.cookie|document\.cookie[^\w]{1,4}.{0,20}(?:location|fetch)/i,
    narrow,
  ),
]
