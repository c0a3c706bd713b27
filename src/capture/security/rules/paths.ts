import type { SecurityRule } from '../rule.ts'

// Paths that are asked for by whoever looks for somebody else's mistake. Whole segments are compared,
// never parts of words: `/config-help` and `/backup-plans` are pages like any other. Hidden files are
// looked for near the root, where they are probed: deeper down an app may show those of a repository.
// CVEs are in CISA's catalogue of known exploited vulnerabilities where it says KEV.

const path = (
  id: string,
  severity: SecurityRule['severity'],
  source: string,
  pattern: RegExp,
): SecurityRule => ({
  id: `path.${id}`,
  category: 'path',
  severity,
  source,
  where: ['path'],
  pattern,
})

export const pathRules: readonly SecurityRule[] = [
  path(
    'dotenv',
    'high',
    'OWASP CRS 930130; CWE-538',
    /^(?:\/[^/]{0,40}){0,3}\/(?:api|app|prod|production|dev|local|staging|backup|old)?\.env(?:[._~-][\w.~-]{0,40})?\/?$/i,
  ),
  path(
    'repository',
    'high',
    'OWASP CRS 930130; CWE-527',
    /^(?:\/[^/]{0,40}){0,3}\/(?:\.(?:git|svn|hg|bzr)(?:\/(?:config|head|index|logs|objects|refs|description|hooks|info|entries|wc\.db|store|hgrc|branch|packed-refs|commit_editmsg|fetch_head)?(?:\/|$)|$)|\.git(?:ignore|modules|attributes|-credentials|config)$|cvs\/(?:entries|root|repository)$)/i,
  ),
  path(
    'credentials',
    'high',
    'OWASP CRS 930130; CWE-538',
    /^(?:\/[^/]{0,40}){0,3}\/(?:\.(?:aws|ssh|docker|kube|azure|gcloud|gnupg)\/[^/]|\.(?:npmrc|pypirc|netrc|pgpass|htpasswd|htaccess|s3cfg|bash_history|zsh_history|mysql_history|ds_store|dockercfg|boto|ftpconfig|remote-sync\.json|vscode\/(?:sftp|settings|launch)\.json|idea\/(?:workspace|datasources|webservers)\.xml)$|(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:\.pub)?|sftp-config\.json|service-?account(?:-?key)?\.json|gcp-credentials\.json|google-credentials\.json|aws-credentials|web\.config|secrets\.ya?ml|database\.ya?ml|parameters\.yml|storage\/logs\/laravel\.log|wp-config\.(?:php|txt|bak|old|inc))$)/i,
  ),
  path(
    'backup',
    'medium',
    'OWASP CRS 920440; CWE-530',
    /^\/(?:backups?|bak|dump|database|db|sql|mysql|wwwroot|www|htdocs|public_html|website|site|web|html|full_?backup|db_?backup)\.(?:zip|rar|7z|tar|tgz|tar\.gz|tar\.bz2|gz|bak|old|sql)$|\/(?:dump|backup|database|db|mysql|mysqldump|localhost|users|wordpress|data|site)\.sql(?:\.(?:gz|zip|bz2))?$|\.(?:php|phtml|aspx?|jsp)(?:~|\.(?:bak|old|save|swp|orig|txt|dist|1))$/i,
  ),
  path(
    'wordpress',
    'medium',
    'OWASP CRS 930130; CAPEC-170',
    /\/(?:wp-login|xmlrpc|wp-cron|wp-trackback|wp-signup|wp-mail|wp-load|wp-settings|wp-blog-header|wlwmanifest|wp-config-sample)\.(?:php|xml)$|\/wp-admin(?:\/|$)|\/wp-includes\/.{0,80}\.php$|\/wp-content\/(?:plugins|themes|mu-plugins|uploads|upgrade)\/.{0,120}(?:\.php\d?|readme\.txt|\.sql|\.zip)$|\/wp-content\/debug\.log$|\/wp-json\/wp\/v2\/users(?:\/|$)/i,
  ),
  path(
    'database-admin',
    'medium',
    'CAPEC-170; CVE-2009-1151 (KEV)',
    /\/(?:php-?my-?admin[-_\d.]{0,12}|mysql-?admin|my-?admin|dbadmin|mysqlmanager|pma\d{0,4}|sqlmanager|websql|sqlweb)\/(?:index\.php|scripts\/setup\.php|setup|main\.php|import\.php|sql\.php|themes|js)|^\/(?:php-?my-?admin[-_\d.]{0,12}|phppgadmin|mysql-?admin)\/?$|\/adminer(?:-[\d.]{1,10}(?:-\w{1,10})?)?\.php$|\/(?:sqlite|dbweb|myadminer)\.php$/i,
  ),
  path(
    'php',
    'medium',
    'CWE-552; CAPEC-170',
    /^(?:\/[^/]{0,40}){0,4}\/(?:php-?info|infos?|test|i|pi|php_?test|_?phpinfo|phpversion|shell|cmd|c99|r57|wso|alfa|alfashell|b374k|webshell|backdoor|uploader|eval-stdin|config|configuration|settings|setup-config|install|installer|connector\.minimal|elfinder|bypass|mini|xx?|1|lock360|admin-ajax|fm|gel4y|marijuana|leaf|priv8|classwithtostring)\.php\d?$|\/_profiler\/(?:phpinfo|open)/i,
  ),
  path('phpunit', 'critical', 'CVE-2017-9841 (KEV)', /\/eval-stdin\.php|\/vendor\/phpunit\//i),
  path(
    'laravel',
    'high',
    'CVE-2021-3129 (KEV)',
    /\/_ignition\/(?:execute-solution|health-check|share-report)|^\/telescope\/requests$/i,
  ),
  path(
    'actuator',
    'high',
    'CWE-497; CVE-2022-22947 (KEV)',
    /\/actuator\/(?:env|heapdump|threaddump|httptrace|trace|configprops|mappings|beans|jolokia|gateway|logfile|loggers|refresh|restart|shutdown|dump|sessions)(?:\/|$)|^\/(?:heapdump|jolokia(?:\/(?:list|exec|read|version).{0,80})?|hystrix\.stream|trace\.axd|elmah\.axd)$/i,
  ),
  path(
    'java',
    'high',
    'CVE-2017-12149, CVE-2017-10271, CVE-2019-2725, CVE-2018-2894 (KEV)',
    /\/(?:invoker\/(?:jmxinvokerservlet|readonly|ejbinvokerservlet)|jmx-console(?:\/|$)|web-console\/(?:invoker|serverinfo)|wls-wsat\/|_async\/asyncresponseservice|ws_utc\/|console\/login\/loginform\.jsp|console\.portal$|bea_wls_|struts2-showcase|manager\/(?:html$|text\/)|host-manager\/html|web-inf\/|meta-inf\/(?:context|manifest|maven)|solr\/(?:admin\/(?:info|cores|collections)|[\w-]{1,40}\/(?:config|dataimport|debug))|nacos\/v\d\/|druid\/(?:index\.html|indexer)|(?:hudson|jenkins)\/script|axis2\/axis2-admin|s\/[^/]{1,40}\/_\/;\/)/i,
  ),
  path(
    'appliance',
    'high',
    'CVE-2018-13379, CVE-2019-11510, CVE-2019-19781, CVE-2020-5902, CVE-2022-1388, CVE-2020-3452, CVE-2023-20198, CVE-2024-3400 (KEV)',
    /^\/(?:remote\/(?:fgt_lang|logincheck)$|dana-(?:na|admin|ws)\/|vpns?\/(?:portal\/scripts|cfg|\.\.\/)|tmui\/|mgmt\/(?:tm\/util\/bash|shared\/authn)|\+cscoe\+\/|\+cscot\+\/|webui\/logoutconfirm|global-protect\/(?:login|prelogin|portal)|ssl-vpn\/|sslvpnlogin|sslmgr|sonicui\/|cgi-bin\/(?:luci|userlogin|supportinstaller|mainfunction\.cgi|weblogin\.cgi|kerbynet|readfile\.tcl|test-cgi|printenv|authlogin\.cgi|config\.exp|popen\.cgi|viewcert)|ui\/vropspluginui|catalog-portal\/ui\/oauth|analytics\/telemetry\/ph|sdk\/vimservice|nagiosxi\/|api\/v1\/totp\/user-backup-code|setup\/setupadministrator|pages\/(?:createpage-entervariables|doenterpagevariables)|ctcwebservice|irj\/portal|xmlpserver\/|oa_html\/|seeyon\/|yyoa\/|mifs\/|owncloud\/apps\/graphapi)/i,
  ),
  path(
    'windows-server',
    'high',
    'CVE-2021-34473, CVE-2021-26855, CVE-2019-18935, CVE-2023-34362, CVE-2024-1709, CVE-2021-42237 (KEV)',
    /^\/(?:autodiscover\/autodiscover\.json|ecp\/(?:\w{1,3}\.js|ddi\/|proxylogon\.ecp|current\/exporttool)|owa\/auth\/|aspnet_client\/|moveitisapi\/|human2?\.aspx$|guestaccess\.aspx$|setupwizard\.aspx|sitecore\/(?:shell\/|login$)|_vti_(?:bin|pvt)\/|_layouts\/\d{1,2}\/|rdweb\/pages\/|msadc\/|scripts\/root\.exe|certsrv\/)|telerik\.web\.ui\.(?:webresource|dialoghandler)/i,
  ),
  path(
    'device',
    'high',
    'CVE-2018-10561, CVE-2014-8361, CVE-2021-36260, CVE-2023-1389 (KEV); CVE-2020-25078, CVE-2018-9995',
    /^\/(?:gponform\/|boaform\/|hnap1\/?$|sdk\/weblanguage|config\/getuser$|device\.rsp$|goform\/|setup\.cgi$|stssys\.htm|tmunblock\.cgi|hndunblock\.cgi|picsdesc\.xml$|wanipcn\.xml$|ctrlt\/deviceupgrade|apply_sec\.cgi|board\.cgi$|currentsetting\.htm$|rom-0$|onvif\/device_service|web_shell_cmd\.gch|cgi-bin\/(?:nobody|user|web|hi3510|system_mgr|nas_sharing|account_mgr|rpc)\b|evox\/about|ws\/v1\/cluster\/apps\/new-application|(?:v1\.\d{2}\/)?containers\/json$)/i,
  ),
  path(
    'cms',
    'medium',
    'CAPEC-170; CVE-2018-7600, CVE-2023-23752 (KEV)',
    /^\/(?:administrator\/(?:index\.php|manifests|components\/com_)|magento_version$|downloader\/index\.php|rss\/catalog\/|skin\/adminhtml|fckeditor\/|ckeditor\/(?:filemanager|kcfinder)|kcfinder\/|typo3\/(?:index\.php|install)|bitrix\/admin|sites\/default\/(?:settings\.php|files\/\.ht)|core\/install\.php|api\/index\.php\/v1\/config\/application|user_guide_src|vtigercrm\/|sugar_version\.json|thinkphp\/|public\/index\.php\/?$)/i,
  ),
]
