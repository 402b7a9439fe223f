"""Texts as people paste them: mails, chats, tickets, logs, tables, answers; each with the ids that a careful reader takes from it.

A text that jobdeck reads wrongly becomes a row here. Tabs, line ends and odd spaces are part of the texts.
"""
# ruff: noqa: ISC004, RUF001

NNBSP, NBSP, ZWSP, BOM = "\u202f", "\u00a0", "\u200b", "\ufeff"

MAILS = {
    "mail-english": (
        """\
Hi team,

the nightly refresh for store 0412 looks stuck. Could somebody check job 884213 please?
It has been PENDING since 02:14 UTC (2026-11-29), ticket INC0047110.

Thanks,
Anna Meyer
Tel. +49 89 1234567-89 | Mobile 0176 12345678
Example GmbH, Musterstr. 12, 80331 München, HRB 123456
""",
        [884213],
    ),
    "mail-german-list": (
        """\
Hallo zusammen,

die Jobs 884213, 884214 und 884219 sind heute Nacht fehlgeschlagen (Mandant 30294).
Bitte bis 12:00 Uhr prüfen.

Viele Grüße
Jürgen
""",
        [884213, 884214, 884219],
    ),
    "mail-german-umlaut-bullets": (
        """\
Moin,
folgende Jobs hängen seit gestern:
  • 884213 (Filiale 1707)
  • 884214 (Filiale 2239)
  • 884220 (Filiale 1399)
Könnt ihr die bitte neu anstoßen? Danke!
""",
        [884213, 884214, 884220],
    ),
    "outlook-quoted": (
        """\
From: Miller, Kate <kate.miller@example.com>
Sent: Sunday, November 29, 2026 9:33 AM
To: integration-oncall@example.com
Subject: RE: Inventory upload STORE_INVENTORY_20261129_0930.csv

> Any news on this one?
> Job-ID: 884213
> Tenant: 4711
> Items: 12,000
""",
        [884213],
    ),
    "outlook-german-header": (
        """\
Von: Schmidt, Peter
Gesendet: Sonntag, 29. November 2026 09:33
An: Support
Betreff: AW: [Ticket#2026112900017] Bestandsimport

Der Import mit der Job-Nr. 884213 läuft seit 45 Minuten, 12000 Artikel.
""",
        [884213],
    ),
    "subject-only": ("RE: FW: Kibo job #884213 failed [SUP-20417]", [884213]),
    "mail-one-per-line-with-prefix": (
        """\
Please look at these:
Job 884213 - FAILED
Job 884214 - FAILED
Job 884215 - PENDING
""",
        [884213, 884214, 884215],
    ),
    "quoted-twice": (">> job 884213 is done\n> and 884214?\nJob 884214 too.\n", [884213, 884214]),
    "unlabelled-sentence": (
        "Can you check 884213 and 884214 for me? Both came from the 09:30 upload.",
        [884213, 884214],
    ),
    "unlabelled-question": ("884213?", [884213]),
    "unlabelled-german": ("Bitte mal 884213 anschauen, danke", [884213]),
    "stuck": ("these jobs look stuck: 884213 884214 884215", [884213, 884214, 884215]),
    "between-words": ("Jobs 884213 bis 884216 bitte prüfen", [884213, 884214, 884215, 884216]),
    "through": ("jobs 884213 through 884215 were restarted", [884213, 884214, 884215]),
    "to": ("jobs 884213 to 884215 all failed", [884213, 884214, 884215]),
    "range-em-dash": ("jobs 884213\N{EM DASH}884215", [884213, 884214, 884215]),
    "range-spaced-en-dash": ("Jobs 884213 \N{EN DASH} 884215 failed", [884213, 884214, 884215]),
    "two-ranges": ("jobs 884213-884215 and 884220-884221", [884213, 884214, 884215, 884220, 884221]),
    "german-sowie": ("Jobs 884213, 884214 sowie 884219", [884213, 884214, 884219]),
    "possessive": ("884213's messages say UPC 0012345678905 not found", [884213]),
    "job-in-parentheses": ("the refresh (job 884213) and the adjust (job 884230) both failed", [884213, 884230]),
    "id-first": ("884213 is the job, 30294 the tenant", [884213]),
    "short-ids": ("Jobs 101, 102 and 107 failed in the demo", [101, 102, 107]),
    "long-ids": ("job 9007199254740993 is stuck", [9007199254740993]),
    "grouped-english": ("job 884,213 failed", [884213]),
    "grouped-german": ("Job 884.213 ist fehlgeschlagen", [884213]),
    "grouped-swiss": ("Job 884'213 ist fehlgeschlagen", [884213]),
    "grouped-narrow-space": (f"job 884{NNBSP}213 a échoué", [884213]),
    "nbsp-after-label": (f"Job{NBSP}884213 failed", [884213]),
    "zero-width-space": (f"job {ZWSP}884213{ZWSP}", [884213]),
    "bold-markdown": ("Job **884213** failed, job `884214` is fine, job _884215_ too", [884213, 884214, 884215]),
    "curly-quotes": ("Job “884213” and job „884214“", [884213, 884214]),
    "job-id-is": ("The job ID is 884213.", [884213]),
    "id-of-the-job": ("id of the job: 884213", [884213]),
    "mit-der-id": ("Refresh-Job mit der ID 884213 wurde angelegt", [884213]),
    "created-with-id": ("Job created with id 884213 for tenant 30294", [884213]),
    "jobnummer": ("Jobnummer: 884213, Mandant: 30294", [884213]),
    "job-number": ("Job number 884213 (12000 items)", [884213]),
    "retry-of": ("job 884230 is a retry of job 884213", [884230, 884213]),
    "not-the-count": ("3 jobs failed: 884213, 884214, 884215", [884213, 884214, 884215]),
    "counts-and-one-id": ("12 jobs, 11 succeeded, job 884213 failed", [884213]),
    "html-tags": ("<p>Job <b>884213</b> failed</p>", [884213]),
    "html-entities": ("Job&nbsp;884213 failed &amp; job&nbsp;884214 too", [884213, 884214]),
    "emoji": ("🔥 job 884213 🔥", [884213]),
}

CHATS = {
    "slack": (
        """\
Kate Miller  9:33 AM
the upload :point_right: `jobID: 884213`
:x: 3 of 190 failed

Tom  9:35 AM
884257, 884301 and 884311, right?
""",
        [884213],
    ),
    "slack-link": ("<https://t4711.sandbox.mozu.com/api/commerce/inventory/v1/queue/884213|job> is failing", [884213]),
    "teams": (
        "[29.11.2026 09:33] Meyer, Anna\r\nJob 884213 ist rot\r\n[29.11.2026 09:35] Schmidt, Peter\r\nund 884214 auch?\r\nJob 884214 meine ich\r\n",
        [884213, 884214],
    ),
    "whatsapp": ("[09:33, 29.11.2026] Jürgen: Job 884213 hängt\n[09:34, 29.11.2026] Anna: ok", [884213]),
    "jira-ticket": (
        """\
KIBO-2041  Inventory refresh fails for W05
Reporter: kate.miller   Priority: P2   Sprint 48
h3. Steps
# upload file inv_0930.csv
# wait for job {{884213}}
||jobID||status||items||
|884213|FAILED|2998|
|884214|SUCCESS|3012|
""",
        [884213, 884214],
    ),
    "github-issue": ("Fixes #1204. Job 884213 fails since a1b2c3d4 (v2.14.0)", [884213]),
    "opsgenie-alert": (
        """\
[P2] #4711: kibo inventory job FAILED
Tags: prod, tenant:30294
jobId=884213
count: 3
created at 2026-11-29T02:14:07.123Z
""",
        [884213],
    ),
    "datadog-tags": ("service:kibo-upload env:prod job_id:884213 tenant_id:30294 duration:4312", [884213]),
    "statuspage-de": ("Stand 09:40 Uhr: Job-IDs 884213 / 884214 / 884215 in Arbeit", [884213, 884214, 884215]),
    "url-browser": (
        "https://t4711-s123.sandbox.mozu.com/api/commerce/inventory/v1/queue/884213?responseFields=status",
        [884213],
    ),
    "url-trailing-slash": (
        "see https://t4711.sandbox.mozu.com/api/commerce/inventory/v1/queue/884213/?x=12345",
        [884213],
    ),
    "admin-url-query": ("https://admin.example.com/inventory/jobs?jobID=884213&tenantID=30294&page=12", [884213]),
    "urls-in-lines": (
        "https://h.example/api/commerce/inventory/v1/queue/884213\nhttps://h.example/api/commerce/inventory/v1/queue/884214\n",
        [884213, 884214],
    ),
}

LOGS = {
    "java": (
        """\
2026-11-29 09:30:03,123 INFO  [pool-3-thread-12] c.e.kibo.Uploader:211 - POST /v5/inventory/refresh took 1834 ms
2026-11-29 09:30:03,125 INFO  [pool-3-thread-12] c.e.kibo.Uploader:214 - refresh accepted, jobID=884213, tenantID=30294, items=12000
""",
        [884213],
    ),
    "java-tostring": ("Response: JobQueueResponse{jobID=884213, tenantID=30294, correlationId='7f3a8842'}", [884213]),
    "syslog": (
        """\
Nov 29 09:30:03 etl01 kibo-upload[4711]: uploaded 12000 items as job 884213
Nov 29 09:30:04 etl01 kibo-upload[4711]: connection 10.20.30.40:52144 closed
""",
        [884213],
    ),
    "syslog-unlabelled": ("Nov 29 09:30:03 etl01 kibo-upload[4711]: accepted as 884213", [884213]),
    "journald": (
        'Nov 29 09:30:03 etl01 systemd[1]: Started kibo upload.\nNov 29 09:30:05 etl01 upload.sh[20417]: {"jobID": 884213}\n',
        [884213],
    ),
    "k8s": (
        """\
2026-11-29T09:30:03.123456789Z stdout F {"level":"info","ts":1764408603.123,"caller":"upload/main.go:88","msg":"accepted","jobID":884213,"tenantID":30294}
2026-11-29T09:30:04.123456789Z stdout F {"level":"info","ts":1764408604.001,"caller":"upload/main.go:91","msg":"done","items":12000}
""",
        [884213],
    ),
    "docker-json": (
        '{"log":"accepted: {\\"jobID\\":884213,\\"tenantID\\":30294}\\n","stream":"stdout","time":"2026-11-29T09:30:03.123456789Z"}\n',
        [884213],
    ),
    "pino": (
        '{"level":30,"time":1764408603123,"pid":20417,"hostname":"etl01","msg":"created job 884213 with 12000 items"}\n',
        [884213],
    ),
    "logfmt": (
        "time=2026-11-29T09:30:03Z level=info msg=accepted job_id=884213 tenant_id=30294 items=12000 dur=1834ms",
        [884213],
    ),
    "python": (
        "2026-11-29 09:30:03,123 kibo.upload INFO     Got {'jobID': 884213} from t4711.sandbox.mozu.com:443",
        [884213],
    ),
    "python-traceback": (
        """\
Traceback (most recent call last):
  File "/srv/etl/upload.py", line 1234, in main
    wait_for(job_id)
  File "/srv/etl/kibo.py", line 88, in wait_for
    raise JobFailed(f"job {job_id} failed")
kibo.JobFailed: job 884213 failed
""",
        [884213],
    ),
    "java-stack": (
        """\
com.example.kibo.JobFailedException: Job 884213 ended with FAILED
	at com.example.kibo.Waiter.await(Waiter.java:1421)
	at com.example.kibo.Main.main(Main.java:10234)
Caused by: java.net.SocketTimeoutException: Read timed out after 30000
""",
        [884213],
    ),
    "access-log": (
        '10.0.0.12 - - [29/Nov/2026:09:30:03 +0000] "GET /api/commerce/inventory/v1/queue/884213 HTTP/1.1" 200 4312 "-" "curl/8.5.0"\n',
        [884213],
    ),
    "windows-event": ("Event 4711, KiboUpload (PID 20417)\r\nJob Id: 884213\r\nExit code: 0x80070005\r\n", [884213]),
    "jenkins": (
        """\
Started by timer
Building in workspace /var/jenkins/workspace/kibo-upload
[kibo-upload] $ /bin/sh -xe /tmp/jenkins1234567890123456.sh
+ curl -s -X POST https://t4711.sandbox.mozu.com/api/commerce/inventory/v5/inventory/refresh
{"jobID":884213}
Finished: SUCCESS
""",
        [884213],
    ),
    "gitlab-ci": (
        "$ ./upload.sh inv_0930.csv\nuploaded inv_0930.csv: job id 884213\nCleaning up project directory and file based variables\nJob succeeded\n",
        [884213],
    ),
    "azure-devops": (
        "2026-11-29T09:30:03.1234567Z ##[section]jobID: 884213\n2026-11-29T09:30:04.1234567Z ##[debug]12345\n",
        [884213],
    ),
    "label-order": ("tenantID 30294 jobID 884213 items 3000", [884213]),
    "label-after-message": ("jobid: 884213 message: UPC 0012345678905 not found", [884213]),
    "file-beside": ("job 884213 file KIBO_REFRESH_261129173133_884213.csv", [884213]),
    "file-with-another-number": ("job 884213 file KIBO_REFRESH_261129173133_991122.csv", [884213]),
    "key-value-many": ("jobID=884213 siteId=12345 correlationId=99887766 exportSettingsID=7 numResults=2998", [884213]),
    "wait-loop": (
        "[02:14:07] job 884213: PENDING (attempt 1/60)\n[02:14:17] job 884213: PENDING (attempt 2/60)\n[02:14:27] job 884213: SUCCESS, 2998 items\n",
        [884213],
    ),
    "ansi-colours": ("\x1b[32mINFO\x1b[0m job \x1b[1m884213\x1b[0m accepted", [884213]),
    "log-with-json-in-text": (
        '09:30:03 INFO response body={"jobID":884213,"itemCount":12000} status=200 took=1834',
        [884213],
    ),
    "log-json-not-first": ('[INFO] [4711] refresh -> 200 {"jobID": 884213} in 1834 ms', [884213]),
    "splunk": ('index=kibo sourcetype=upload | jobID="884213" tenantID="30294" host=etl01 _time=1764408603', [884213]),
    "cloudwatch-table": (
        '|  2026-11-29 09:30:03.123  |  {"jobID": 884213}  |\n|  2026-11-29 09:30:04.456  |  {"jobID": 884214}  |\n',
        [884213, 884214],
    ),
    "ruby-hash": ('I, [2026-11-29T09:30:03.123456 #20417]  INFO -- : {"jobID"=>884213, "tenantID"=>30294}', [884213]),
    "go-struct": ("2026/11/29 09:30:03 got {JobID:884213 TenantID:30294 Items:12000}", [884213]),
    "dotnet": ("info: Kibo.Upload[12034]\n      Created JobId 884213 for Tenant 30294\n", [884213]),
    "console-log": ("Response: { jobID: 884213, tenantID: 30294, messages: [Array] }", [884213]),
    "amount-at-the-end-of-a-line": (
        "884213 - FAILED - 12000 items\n884214 - SUCCESS - 11000 items\n884215 - FAILED - 12 errors\n884216 - PENDING\n",
        [884213, 884214, 884215, 884216],
    ),
    "cron-mail": (
        "Subject: Cron <etl@etl01> /srv/etl/nightly.sh 20261129\n\nrefresh: 884213\nadjust: 884230\n",
        [884213, 884230],
    ),
}

TABLES = {
    "csv": ("tenantID,jobID,itemCount\n30294,884213,3000\n30294,884214,3012\n", [884213, 884214]),
    "csv-quoted": (
        '"tenantID","jobID","itemCount"\n"30294","884213","3000"\n"30294","884214","3012"\n',
        [884213, 884214],
    ),
    "csv-bom-crlf": (f"{BOM}jobID;tenantID;itemCount\r\n884213;30294;3000\r\n884214;30294;3012\r\n", [884213, 884214]),
    "csv-first-column": ("jobID,status\n884213,FAILED\n884214,SUCCESS\n", [884213, 884214]),
    "csv-job-id-spelling": ("Tenant,Job ID,Items\n30294,884213,3000\n", [884213]),
    "csv-quoted-messages": (
        'jobID,messages,itemCount\n884213,"UPC 884299, row 12; job 5 neither",3000\n884214,"two\nlines, 991122",3012\n',
        [884213, 884214],
    ),
    "csv-pandas": (",jobID,tenantID,itemCount\n0,884213,30294,3000.0\n1,884214,30294,3012.0\n", [884213, 884214]),
    "csv-float-ids": ("jobID,x\n884213.0,1\n884214.0,2\n", [884213, 884214]),
    "csv-empty-cells": ("locationCode,jobID\n0412,884213\n0413,\n0414,884215\n", [884213, 884215]),
    "csv-in-a-mail": (
        "Hi,\n\nhere is the export:\n\ntenantID,jobID,itemCount\n30294,884213,3000\n30294,884214,3012\n\nRegards, Anna (ext. 20417)\n",
        [884213, 884214],
    ),
    "csv-only-one-column": ("jobID\n884213\n884214\n", [884213, 884214]),
    "excel-tabs": (
        "Store\tJob ID\tItems\tStatus\n0412\t884213\t2998\tFAILED\n0413\t884214\t3012\tSUCCESS\n",
        [884213, 884214],
    ),
    "excel-tabs-german": ("Filiale\tJobID\tArtikel\n0412\t884213\t2998\n0413\t884214\t3012\n", [884213, 884214]),
    "excel-without-header": (
        "884213\tREFRESH\tW05\t2998\tFAILED\n884214\tREFRESH\tW06\t3012\tSUCCESS\n",
        [884213, 884214],
    ),
    "markdown": (
        "| tenant | jobID | items |\n| ---: | ---: | --- |\n| 30294 | 884213 | 3000 |\n| 30294 | 884214 | 3012 |\n",
        [884213, 884214],
    ),
    "markdown-bold": ("| job | loc |\n|---|---|\n| **884213** | W05 |\n| `884214` | W06 |\n", [884213, 884214]),
    "psql": (
        """\
 tenant_id | job_id | item_count |  status
-----------+--------+------------+---------
     30294 | 884213 |       3000 | FAILED
     30294 | 884214 |       3012 | SUCCESS
(2 rows)
""",
        [884213, 884214],
    ),
    "mysql": (
        """\
mysql> select tenant_id, job_id, item_count from jobs;
+-----------+--------+------------+
| tenant_id | job_id | item_count |
+-----------+--------+------------+
|     30294 | 884213 |       3000 |
|     30294 | 884214 |       3012 |
+-----------+--------+------------+
2 rows in set (0.01 sec)
""",
        [884213, 884214],
    ),
    "mysql-vertical": (
        "*************************** 1. row ***************************\ntenant_id: 30294\n   job_id: 884213\n    items: 3000\n"
        "*************************** 2. row ***************************\ntenant_id: 30294\n   job_id: 884214\n    items: 3012\n",
        [884213, 884214],
    ),
    "sqlcmd": (
        """\
tenant_id   job_id      item_count
----------- ----------- -----------
      30294      884213        3000
      30294      884214        3012

(2 rows affected)
""",
        [884213, 884214],
    ),
    "fixed-columns": (
        """\
LOCATION   JOBID    ITEMS  STATUS
0412       884213    2998  FAILED
0413       884214    3012  SUCCESS
""",
        [884213, 884214],
    ),
    "fixed-columns-job-last": (
        """\
ITEMS  STATUS   JOB
 2998  FAILED   884213
 3012  SUCCESS  884214
""",
        [884213, 884214],
    ),
    "fixed-columns-empty-cell": (
        """\
LOCATION  TENANT  JOB     ITEMS
0412      30294   884213   2998
0413      30294            3012
""",
        [884213],
    ),
    "powershell-list": ("\r\nmethod   : async\r\njobID    : 884213\r\ntenantID : 30294\r\n\r\n", [884213]),
    "powershell-table": (
        "\n jobID tenantID itemCount\n ----- -------- ---------\n884213    30294      3000\n884214    30294      3012\n\n",
        [884213, 884214],
    ),
    "powershell-one-column": ("\n jobID\n ----\n884213\n\n", [884213]),
    "powershell-array": (
        "\ndryRun itemsDeleted   jobIDs\n------ ------------   ------\n False {0012345678905} {884213, 884214}\n\n",
        [884213, 884214],
    ),
    "kubectl-columns": ("NAME                  JOBID    AGE\nkibo-upload-28374650  884213   35m\n", [884213]),
    "two-tables": ("jobID,items\n884213,3000\n\nlocation,jobID\n0412,884214\n", [884213, 884214]),
    "html-table-source": (
        "<tr><th>jobID</th><th>items</th></tr>\n<tr><td>job 884213</td><td>3000</td></tr>\n",
        [884213],
    ),
    "jobs-plural-column": ("file,jobIDs\ninv.csv,884213 884214\nadj.csv,884220\n", [884213, 884214, 884220]),
}

ANSWERS = {
    "refresh": ('{"jobID": 884213}', [884213]),
    "refresh-newline": ('{"jobID": 884213}\n', [884213]),
    "smart": ('{"method":"async","jobID":"884213"}', [884213]),
    "delete": (
        '{"dryRun": false, "itemsDeleted": ["0012345678905", "4006381333931"], "jobIDs": [884213, 884214]}',
        [884213, 884214],
    ),
    "job-object": (
        '{"jobID":884213,"tenantID":30294,"locationCode":"0412","type":"ALLOCATE","added":"2026-11-29T09:30:03Z","hasData":true,'
        '"itemCount":12,"status":"PENDING","messages":["UPC 4006381333931, job 17 neither"],"numResults":12,"success":true}',
        [884213],
    ),
    "job-list": ('[{"jobID":884213,"tenantID":30294},{"jobID":884214,"tenantID":30294}]', [884213, 884214]),
    "export": (
        '{"exportInventoryJobResponses": [{"jobID": 884213, "exportSettingsID": 7}, {"jobID": 884214, "exportSettingsID": 8}]}',
        [884213, 884214],
    ),
    "delete-old-all-silos": ('[{"jobID": 884213}, {"jobID": 884214}]', [884213, 884214]),
    "bare-array": ("[884213, 884214]", [884213, 884214]),
    "string-array": ('{"jobIDs": ["884213", "884214"]}', [884213, 884214]),
    "pretty": (
        """\
{
  "method": "async",
  "tenantID": 30294,
  "jobID": 884213,
  "items": [
    {"upc": "0012345678905", "quantity": 1200}
  ]
}
""",
        [884213],
    ),
    "several-documents": ('{"jobID": 884213}\n{"jobID": 884214}\n', [884213, 884214]),
    "several-documents-one-line": ('{"jobID":884213}{"jobID":884214}', [884213, 884214]),
    "several-pretty-documents": ('{\n  "jobID": 884213\n}\n{\n  "jobID": 884214\n}\n', [884213, 884214]),
    "wrapper": (
        '{"data": {"result": {"items": [{"jobID": 884213}]}}, "meta": {"requestID": 12345, "count": 1}}',
        [884213],
    ),
    "lambda": ('{"statusCode": 200, "body": "{\\"jobID\\": 884213, \\"tenantID\\": 30294}"}', [884213]),
    "job-id-camel": ('{"jobId": 884213, "jobType": 3}', [884213]),
    "job-id-snake": ('{"job_id": "884213", "tenant_id": "30294"}', [884213]),
    "curl-i": (
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 17\r\nx-vol-correlation: 7f3a884212345678\r\n"
        'Date: Sun, 29 Nov 2026 09:30:03 GMT\r\n\r\n{"jobID": 884213}',
        [884213],
    ),
    "curl-v": (
        """\
* Host t4711.sandbox.mozu.com:443 was resolved.
*   Trying 10.20.30.40:443...
* Connected to t4711.sandbox.mozu.com (10.20.30.40) port 443
> POST /api/commerce/inventory/v5/inventory/refresh HTTP/1.1
> Host: t4711.sandbox.mozu.com
> x-vol-tenant: 30294
> Content-Length: 20417
>
< HTTP/1.1 200 OK
< Content-Type: application/json
< x-vol-correlation: 1234567890
<
{"jobID": 884213}
* Connection #0 to host t4711.sandbox.mozu.com left intact
""",
        [884213],
    ),
    "curl-progress": (
        """\
  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current
                                 Dload  Upload   Total   Spent    Left  Speed
100 20434  100    17  100 20417     54  65231 --:--:-- --:--:-- --:--:-- 65285
{"jobID": 884213}
""",
        [884213],
    ),
    "curl-w": ('{"jobID": 884213}\n200 0.183421', [884213]),
    "httpie": (
        """\
HTTP/1.1 200 OK
Content-Type: application/json
x-vol-correlation: 7f3a8842

{
    "jobID": 884213,
    "method": "async"
}


""",
        [884213],
    ),
    "http2": (
        'HTTP/2 200 \r\ncontent-type: application/json\r\n\r\n{"jobIDs":[884213,884214],"dryRun":false}',
        [884213, 884214],
    ),
    "invoke-webrequest": (
        """\
StatusCode        : 200
StatusDescription : OK
Content           : {"jobID":884213}
RawContent        : HTTP/1.1 200 OK
RawContentLength  : 16
""",
        [884213],
    ),
    "python-repr": ("{'jobID': 884213, 'tenantID': 30294, 'x': None, 'ok': True}", [884213]),
    "python-repr-list": ("[{'jobID': '884213'}, {'jobID': '884214'}]", [884213, 884214]),
    "python-dataclass": ("JobResponse(jobID=884213, tenantID=30294)", [884213]),
    "yaml": ("method: async\njobID: 884213\ntenantID: 30294\n", [884213]),
    "yaml-list": (
        "dryRun: false\njobIDs:\n  - 884213\n  - 884214\nitemsDeleted:\n  - 4006381333931\n",
        [884213, 884214],
    ),
    "yaml-flow": ("jobIDs: [884213, 884214]\ncount: 20417\n", [884213, 884214]),
    "yaml-objects": ("- jobID: 884213\n  tenantID: 30294\n- jobID: 884214\n  tenantID: 30294\n", [884213, 884214]),
    "xml": (
        '<?xml version="1.0"?><JobResponse><jobID>884213</jobID><tenantID>30294</tenantID></JobResponse>',
        [884213],
    ),
    "xml-list": (
        "<DeleteResponse>\n  <itemsDeleted><upc>4006381333931</upc></itemsDeleted>\n  <jobIDs>\n    <long>884213</long>\n    <long>884214</long>\n  </jobIDs>\n</DeleteResponse>",
        [884213, 884214],
    ),
    "xml-attribute": ('<job jobID="884213" tenantID="30294" status="FAILED"/>', [884213]),
    "url-encoded": ("method=async&jobID=884213&tenantID=30294", [884213]),
    "percent-encoded": ("payload=%7B%22jobID%22%3A884213%2C%22tenantID%22%3A30294%7D", [884213]),
    "postman-console": (
        """\
POST https://t4711.sandbox.mozu.com/api/commerce/inventory/v5/inventory/refresh
200
1834 ms
Response Headers
content-length: 17
Response Body
{"jobID":884213}
""",
        [884213],
    ),
    "node-inspect": (
        "{\n  jobID: 884213,\n  tenantID: 30294,\n  messages: [ 'UPC 4006381333931' ],\n  added: 2026-11-29T09:30:03.000Z\n}",
        [884213],
    ),
    "javascript-bigint": ("{ jobID: 884213n }", [884213]),
    "trailing-comma": ('{"jobID": 884213,}', [884213]),
    "elided": ('{"jobID": 884213, "messages": [...], ...}', [884213]),
    "json-in-a-mail": (
        'Hi,\nthe API said:\n\n    {"jobID": 884213,\n     "tenantID": 30294}\n\nand nothing since. Ticket 20417.\n',
        [884213],
    ),
    "json-in-a-code-fence": ('```json\n{"jobID": 884213}\n```\n', [884213]),
    "json-lines-mixed": ('{"jobID": 884213}\nnot json 12345\n{"jobID": 884214}\n', [884213, 884214]),
    "sync-and-async": ('{"method":"sync","jobID":null}\n{"method":"async","jobID":"884213"}\n', [884213]),
    "float-id": ('{"jobID": 884213.0}', [884213]),
    "bom": (f'{BOM}{{"jobID": 884213}}', [884213]),
    "html-escaped": ("{&quot;jobID&quot;: 884213, &quot;tenantID&quot;: 30294}", [884213]),
    "null-beside": (
        '{"jobID": 884213, "parentID": null, "tenantID": 30294, "siteId": 12345, "correlationId": "99887766"}',
        [884213],
    ),
    "jq-raw": ("884213\n884214\n", [884213, 884214]),
    "jq-strings": ('"884213"\n"884214"\n', [884213, 884214]),
}

LISTS = {
    "ids": ("884213 884214\n884215", [884213, 884214, 884215]),
    "commas": ("884213, 884214,884215", [884213, 884214, 884215]),
    "semicolons": ("884213; 884214; 884215", [884213, 884214, 884215]),
    "bullets": ("- 884213\n- 884214\n", [884213, 884214]),
    "stars": ("* 884213\n* 884214\n", [884213, 884214]),
    "dots": ("• 884213\n• 884214\n", [884213, 884214]),
    "hashes": ("#884213 #884214", [884213, 884214]),
    "check-boxes": ("- [ ] 884213\n- [x] 884214\n", [884213, 884214]),
    "comments": ("# nightly, 190 files\n884213   # store 0412\n884214\n", [884213, 884214]),
    "range": ("884213-884215", [884213, 884214, 884215]),
    "range-spaces": ("102 - 103", [102, 103]),
    "range-em": ("102\N{EM DASH}103", [102, 103]),
    "range-figure": ("102\N{FIGURE DASH}103", [102, 103]),
    "range-minus": ("102\N{MINUS SIGN}103", [102, 103]),
    "range-en-spaces": ("102 \N{EN DASH} 104", [102, 103, 104]),
    "range-nb-hyphen": ("102\N{NON-BREAKING HYPHEN}103", [102, 103]),
    "range-dots": ("102..104", [102, 103, 104]),
    "range-ellipsis": ("102\N{HORIZONTAL ELLIPSIS}104", [102, 103, 104]),
    "range-to": ("884213 to 884215", [884213, 884214, 884215]),
    "range-bis": ("884213 bis 884215", [884213, 884214, 884215]),
    "letter-a": ("a201-203", [201, 202, 203]),
    "letter-i": ("i201-203", [201, 202, 203]),
    "brackets": ("[884213]", [884213]),
    "braces": ("(884213, 884214)", [884213, 884214]),
    "quoted": ("'884213','884214'", [884213, 884214]),
    "sql-in": ("WHERE job_id IN (884213, 884214, 884215)", [884213, 884214, 884215]),
    "and": ("884213 and 884214", [884213, 884214]),
    "trailing-comma": ("884213, 884214,", [884213, 884214]),
    "trailing-dot": ("884213.", [884213]),
    "python-list": ("job_ids = [884213, 884214]", [884213, 884214]),
    "json-strings-list": ('["884213", "884214"]', [884213, 884214]),
    "jobdeck-command": ("$ jobdeck wait 884213 884214 --timeout 30m", [884213, 884214]),
    "jobdeck-command-options-first": (
        "jobdeck --profile live --interval 5 wait 884213-884215",
        [884213, 884214, 884215],
    ),
}

OURS = {
    "table": (
        """\
   JOB  STATUS   TYPE     LOCATION  ADDED      WAIT   RUN  ITEMS  FILE          MESSAGES
884213  SUCCESS  ADJUST   W02       15:17:28Z  0:01  0:01     12  -             -
    99  FAILED   REFRESH  W05       15:47:28Z  0:13  0:29  2,502  inv_0730.csv  UPC 0050651 not found (+43 more)
""",
        [884213, 99],
    ),
    "watch": (
        """\
17:17:34Z 884213 SUCCESS  ADJUST  W02  12 items
17:17:35Z 884214 PENDING -> WORKING  REFRESH  W05  inv_0730.csv
2 jobs: 1 WORKING, 1 SUCCESS
""",
        [884213, 884214],
    ),
    "wait-lines": (
        "884213  FAILED  REFRESH  W05  inv_0730.csv  2,502 items  UPC 0050651 not found at location W05\n",
        [884213],
    ),
    "markdown": (
        "| JOB | STATUS | TYPE |\n| ---: | --- | --- |\n| 884213 | SUCCESS | ADJUST |\n| 102 | FAILED | REFRESH |\n",
        [884213, 102],
    ),
    "csv": (
        "jobID,status,type,locationCode,added,messages\n884213,SUCCESS,ADJUST,W02,2026-11-24T15:17:28Z,\n"
        "102,FAILED,REFRESH,W05,2026-11-24T15:17:28Z,UPC 885909950805 not found\n",
        [884213, 102],
    ),
    "jsonl": (
        '{"schema": 1, "event": "snapshot", "at": "2026-11-23T09:33:27.120Z", "jobID": 884213, "status": "WORKING", "previousStatus": null, '
        '"job": {"jobID": 884213, "tenantID": 30294, "itemCount": 12000}, "queueWaitSeconds": 96.0, "error": null}\n'
        '{"schema": 1, "event": "error", "at": "2026-11-23T09:33:29.120Z", "jobID": 884214, "status": null, "job": null, '
        '"error": {"kind": "server", "message": "the server failed", "httpStatus": 503, "correlationId": "12345", "retryAt": null}}\n'
        '{"schema": 1, "event": "done", "at": "2026-11-23T09:34:27.120Z", "jobID": null, "counts": {"SUCCESS": 1}, "complete": true}\n',
        [884213, 884214],
    ),
    "exit-summary": (
        "884213  FAILED  REFRESH  W05  inv_0730.csv  2,502 items  UPC 0050651 not found\n"
        "884216  NOT FOUND  job 884216 does not exist; check the id and the tenant (HTTP 404, correlation 4129e2a8044a57ce)\n\n"
        "jobdeck --profile live 884213-884216\n",
        [884213, 884216, 884214, 884215],
    ),
    "error-line": (
        "jobdeck: 884213: not authorised by t123.sandbox.mozu.com (HTTP 401, correlation 7f3a): renew it\n",
        [884213],
    ),
}

TAKEN = {
    f"{kind}:{name}": row
    for kind, rows in {
        "mail": MAILS, "chat": CHATS, "log": LOGS, "table": TABLES, "answer": ANSWERS, "list": LISTS, "jobdeck": OURS,
    }.items()
    for name, row in rows.items()
}  # fmt: skip

MORE = [
    ("Hey, job 884213 is at 50% (6000/12000 items) since 09:31, tenant 30294", [884213]),
    ("Job ID\n884213\nStatus\nFAILED\nItems\n2998", [884213]),
    ("JobId 884213 | Tenant 30294 | Items 3000", [884213]),
    ("@anna kannst du Job 884213 u. 884214 anschauen?", [884213, 884214]),
    ("failed job ids: 884213,884214,884215 (3 of 190)", [884213, 884214, 884215]),
    ("failing: 884213, 884214", [884213, 884214]),
    ("Die IDs der Jobs sind 884213 und 884214.", [884213, 884214]),
    ("jobID=884213;tenantID=30294;itemCount=3000", [884213]),
    ("jobID\t884213\ntenantID\t30294\n", [884213]),
    ("Job: 884213\nTenant: 30294\nStore: 412555\n", [884213]),
    ("job #884213 and #884214 failed, see ticket #20417", [884213, 884214]),
    ("Jobs 884213-15", [884213, 884214, 884215]),
    ("[2026-11-29 09:30:03] INFO kibo: job=884213 status=FAILED items=2998 elapsed=29.1s", [884213]),
    ("2026-11-29T09:30:03Z  INFO kibo::upload: refresh accepted job_id=884213 tenant_id=30294", [884213]),
    (
        '{"@timestamp":"2026-11-29T09:30:03Z","message":"refresh accepted, job 884213","log.level":"INFO","process":{"pid":20417}}',
        [884213],
    ),
    (
        '{"time":"2026-11-29T09:30:03Z","level":"INFO","source":{"line":123456},"msg":"accepted","job":{"id":884213,"tenant":30294}}',
        [884213],
    ),
    ('level=info msg="accepted job 884213" pid=20417', [884213]),
    ('Nov 29 09:30:03 host app[123456]: {"jobID":884213,"pid":654321}', [884213]),
    ("<14>1 2026-11-29T09:30:03Z etl01 kibo 20417 ID47 - job 884213 accepted", [884213]),
    ("E1129 09:30:03.123456   20417 upload.go:88] job 884213 failed", [884213]),
    ("INFO:root:Job 884213 queued at position 1204", [884213]),
    ("INFO  884213 uploaded in 1834 ms", [884213]),
    ('wget: {"jobID":884213}', [884213]),
    ("-- \nSent from my iPhone\n\nJob 884213 failed again", [884213]),
    ("Am 29.11.2026 um 09:33 schrieb Anna <anna4711@example.com>:\n> Job 884213 hängt\n>\n> Gruß\n", [884213]),
    ("job_ids=(884213 884214 884215)", [884213, 884214, 884215]),
    ("JOB_ID=884213\nexport TENANT=30294", [884213]),
    ("for j in 884213 884214; do jobdeck get $j; done", [884213, 884214]),
    ("| jobID | 884213 |\n| tenantID | 30294 |\n| itemCount | 3000 |\n", [884213]),
    ("jobID,locationCode\n884213,0412\n884214,0413\n\n2 rows\n", [884213, 884214]),
    ("Row\tjobID\tstatus\n1\t884213\tFAILED\n2\t884214\tFAILED\n", [884213, 884214]),
    ("#\tJob\tItems\n1\t884213\t2998\n2\t884214\t3012\n", [884213, 884214]),
    ("job_id  | 884213\nstatus  | FAILED\nitems   | 3000\n", [884213]),
    ("-[ RECORD 1 ]------\njob_id    | 884213\ntenant_id | 30294\n", [884213]),
    ("   job_id  tenant_id  items\n0  884213      30294   3000\n1  884214      30294   3012\n", [884213, 884214]),
    (
        "┌────────┬───────┐\n│ jobID  │ items │\n├────────┼───────┤\n│ 884213 │  3000 │\n│ 884214 │  3012 │\n└────────┴───────┘\n",
        [884213, 884214],
    ),
    (
        "┌─────────┬────────┬──────────┐\n│ (index) │ jobID  │ tenantID │\n├─────────┼────────┼──────────┤\n│    0    │ 884213 │  30294   │\n└─────────┴────────┴──────────┘\n",
        [884213],
    ),
    ("jobID    : {884213, 884214}\ndryRun   : False\n", [884213, 884214]),
    ("@{jobID=884213; tenantID=30294}", [884213]),
    ("Array\n(\n    [jobID] => 884213\n    [tenantID] => 30294\n)\n", [884213]),
    ('object(stdClass)#3 (2) {\n  ["jobID"]=>\n  int(884213)\n  ["tenantID"]=>\n  int(30294)\n}\n', [884213]),
    ("array('jobID' => 884213, 'tenantID' => 30294)", [884213]),
    ("map[jobID:884213 tenantID:30294]", [884213]),
    ("%{job_id: 884213, tenant_id: 30294}", [884213]),
    ("Some(Job { job_id: 884213, tenant_id: 30294 })", [884213]),
    ("Job(jobID=884213, tenantID=30294, items=[Item(upc='0012345678905', quantity=120000)])", [884213]),
    ("{:job_id=>884213, :tenant_id=>30294}", [884213]),
    ("#<Job id=884213 tenant=30294>", [884213]),
    ("jobID: '884213'\ntenantID: '30294'", [884213]),
    ('jobIDs = ["884213", "884214"]\ntenant = 30294\n', [884213, 884214]),
    (
        '{"data":{"createInventoryRefresh":{"jobID":"884213","__typename":"JobResponse"}},"extensions":{"cost":{"requested":12345}}}',
        [884213],
    ),
    ('{"jobID":{"$numberLong":"884213"},"tenantID":{"$numberInt":"30294"}}', [884213]),
    ('data: {"jobID": 884213}\n\ndata: {"jobID": 884214}\n\n', [884213, 884214]),
    ('callback({"jobID":884213});', [884213]),
    (
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"jobID":884213}',
        [884213],
    ),
    ('HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"jobID":884213}', [884213]),
    ('HTTP/1.1 302 Found\r\nLocation: https://h/\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"jobID":884213}', [884213]),
    ('  "jobID": 884213,\n  "tenantID": 30294\n', [884213]),
    ('"jobID": 884213', [884213]),
    ("jobID: 884213}", [884213]),
    ('{"jobID": 884213, "messages": ["line one\nline two"], "tenantID": 30294}', [884213]),
    ("{“jobID”: 884213, “tenantID”: 30294}", [884213]),
    ('{"jobID": 884213 /* the refresh */, "x": 12345}', [884213]),
    ('// response\n{ "jobID": 884213 }', [884213]),
    ('201 Created {"jobID":884213}', [884213]),
    ('status 200, body: b\'{"jobID":884213,"tenantID":30294}\'', [884213]),
    ("OrderedDict([('jobID', 884213), ('tenantID', 30294)])", [884213]),
    ("JobID：884213，Tenant：30294", [884213]),
    ("ジョブ 884213 が失敗しました", [884213]),
    ("Job nº 884213", [884213]),
    ("Job № 884213", [884213]),
    ("Job-ID\xa0884213", [884213]),
    ("job:884213", [884213]),
    ("1. 884213\n2. 884214\n3. 884215", [884213, 884214, 884215]),
    ("1) job 884213\n2) job 884214", [884213, 884214]),
    ("884213 (FAILED), 884214 (PENDING)", [884213, 884214]),
    ("884213: FAILED\n884214: PENDING\n", [884213, 884214]),
    ("884213 FAILED\n884214 PENDING\n", [884213, 884214]),
    ("884213 - FAILED\n884214 - PENDING\n", [884213, 884214]),
    ("W05 884213\nW06 884214\n", [884213, 884214]),
    ("884213\tW05\n884214\tW06", [884213, 884214]),
    ("REFRESH 884213 FAILED 2998 items", [884213]),
    ("Re: [JIRA] (KIBO-2041) jobs 884213/884214 failing", [884213, 884214]),
    ("job 884213, rows 12000-12005", [884213]),
    ("job 884213 (12,000 rows)", [884213]),
    ("job 884213 took 1834s, job 884214 took 912s", [884213, 884214]),
    ("Jobs: 884213 (W05), 884214 (W06), 884215 (W07)", [884213, 884214, 884215]),
    ("Jobs\n884213\tW05\n884214\tW06\n", [884213, 884214]),
    ("job's id: 884213", [884213]),
    ("the job with the id 884213", [884213]),
    ("job 884213;job 884214", [884213, 884214]),
    ("JOB 884213 (TENANT 302945) and JOB 884214 (TENANT 302946)", [884213, 884214]),
    ("Jobs 884213 and 884214 for tenants 302945 and 302946", [884213, 884214]),
    ("job 884213 tenant 302945", [884213]),
    ("job 884213, 302945 items processed", [884213]),
    ("jobID 884213, tenantID 302945", [884213]),
    ("jobs 884213, 884214; locations 100001, 100002", [884213, 884214]),
    ("Job 884213 loaded 884214 rows", [884213]),
    ("select * from jobs where job_id between 884213 and 884215", [884213, 884214, 884215]),
    ("tâche 884213 échouée, jobs 884214 et 884215", [884214, 884215]),
    ("jobs[0]=884213&jobs[1]=884214", [884213, 884214]),
    ("JOB884213 FAILED", [884213]),
    ("<a href='https://h.example/commerce/inventory/v1/queue/884213'>see</a>", [884213]),
    ("GET https://h.example/commerce/inventory/v1/queue/884213 200 in 1200 ms", [884213]),
    ("# jobID tenant items\n884213 30294 3000\n884214 30294 3012\n", [884213, 884214]),
    ("Nacht-Job 884213 ist fehlgeschlagen", [884213]),
    ("**884213**", [884213]),
    ("*884213*", [884213]),
    ("_884213_", [884213]),
    ("~~884213~~", [884213]),
    ("`884213`", [884213]),
    ("102--103", [102, 103]),
    ("102~103", [102, 103]),
    ("102〜104", [102, 103, 104]),
    ("102 --- 104", [102, 103, 104]),
    ("Job 1,234,567 failed", [1234567]),
    ("job #884,213", [884213]),
    ("tenantID, jobID, itemCount\n30294, 884213, 3000\n", [884213]),
    ("tenantID ; jobID\n30294 ; 884213\n", [884213]),
    ('jobID\n"884213"\n"884214"\n', [884213, 884214]),
    ('"Job ID","Items"\n"884213","2,998"\n', [884213]),
    ("itemCount;jobID;price\n3000;884213;12,50\n", [884213]),
    ("items\tJob-Nr.\n3000\t884213\n", [884213]),
    ("Job Number,Store\n884213,412\n", [884213]),
    ('<pre>{"jobID":884213}</pre>', [884213]),
    ('<html><body><pre>{"jobID": 884213, "tenantID": 30294}</pre></body></html>', [884213]),
    ('{"jobID":884213}200', [884213]),
    ('  HTTP/1.1 200 OK\n  Content-Length: 17\n\n{"jobID":884213}', [884213]),
    ("HTTP/1.1 202 Accepted\nLocation: /commerce/inventory/v1/queue/884213\n\n", [884213]),
    ("job 884213.", [884213]),
    ("job 884213,", [884213]),
    ("job 884213!", [884213]),
    ("(job 884213)", [884213]),
    ("[job 884213]", [884213]),
    ("<job 884213>", [884213]),
    ("job=884213,tenant=30294", [884213]),
    ("job-id=884213", [884213]),
    ("--job-id 884213 --tenant 30294", [884213]),
    ("job_id: 884213 # refresh", [884213]),
    ("Job (ID 884213) failed", [884213]),
    ("Job [884213] failed", [884213]),
    ("job id 884213/30294", [884213]),
    ("Der Job mit der Nummer 884213 ist rot", [884213]),
    ("Jobs mit den IDs 884213, 884214", [884213, 884214]),
    ("folgende Job-IDs: 884213; 884214", [884213, 884214]),
    ("job ids\n884213\n884214\n", [884213, 884214]),
    ("Job IDs:\n\n884213\n884214\n", [884213, 884214]),
    ("jobs:\n884213 FAILED W05\n884214 FAILED W06\n", [884213, 884214]),
    ("Failed jobs (3):\n884213\n884214\n884215\n", [884213, 884214, 884215]),
    ("The following jobs failed:\n\n1. 884213\n2. 884214\n", [884213, 884214]),
    ("Failed:\n884213\n884214\n", [884213, 884214]),
    ("2 failed jobs: 884213, 884214. 188 ok.", [884213, 884214]),
    ("jobs 99998, 99999, 100000 and 100001", [99998, 99999, 100000, 100001]),
    ("jobs 9, 10 and 11 failed", [9, 10, 11]),
    ("job 5 failed", [5]),
    ("Job 7: SUCCESS", [7]),
    (
        '{"event":"refresh","job_id":884213,"ts":1764408603}\n{"event":"refresh","job_id":884214,"ts":1764408604}\n',
        [884213, 884214],
    ),
    ("{'jobIDs': ['884213', '884214'], 'dryRun': False}", [884213, 884214]),
    ("JobResponse [jobID=884213, tenantID=30294]", [884213]),
    ("{jobID: 884213, tenantID: 30294}\n{jobID: 884214, tenantID: 30294}", [884213, 884214]),
    ("jobID : 884213\nmethod : async\n", [884213]),
    ("jobID,884213\ntenantID,30294\n", [884213]),
    ("jobID;884213", [884213]),
    ('{"jobID":884213}\n{"jobID":884213}\n', [884213]),
    ('{"jobs":[{"jobID":884213},{"jobID":884214}],"total":20417}', [884213, 884214]),
    ('{"jobs":[884213,884214]}', [884213, 884214]),
    ('["884213"]', [884213]),
    ('{"success":true,"jobID":884213,"messages":["Warning: 3 items"]}', [884213]),
    ('{"error":null,"jobID":884213}', [884213]),
    ("Upload OK, jobID=884213 jobID=884214", [884213, 884214]),
    ("jobID=884213|tenantID=30294", [884213]),
    ("see job 884213 (https://t1.sandbox.mozu.com/api/commerce/inventory/v1/queue/884213)", [884213]),
    ('time=09:30 job=884213 pid=4711 msg="job 884213 queued"', [884213]),
    ("ERROR 2026-11-29 09:30:03 job[884213] failed", [884213]),
    ("Thread-12 [job-884213] started", [884213]),
    ("upload(job: 884213)", [884213]),
    ("Job-ID:884213;Status:FAILED", [884213]),
    ("job_ids: ['884213', '884214']", [884213, 884214]),
    ("jobs={884213,884214}", [884213, 884214]),
    ("jobId\u200b: 884213", [884213]),
    ("JOBID               TENANTID\n884213              30294\n", [884213]),
    ("jobID | status\n884213 | FAILED\n884214 | FAILED", [884213, 884214]),
    ("| 884213 | FAILED |\n| 884214 | SUCCESS |", [884213, 884214]),
    ("+--------+\n| job_id |\n+--------+\n| 884213 |\n+--------+\n", [884213]),
    (" job_id \n--------\n 884213\n 884214\n(2 rows)\n", [884213, 884214]),
    ("JOB_ID\n----------\n884213\n884214\n\n2 rows selected.\n", [884213, 884214]),
]
"""Written when the parser was there, to see what it makes of texts that it was not made for; five of the first 105 were wrong, and eleven of the next 81."""

NOTHING_MORE = [
    "Die Hotline ist unter 0800 123 4567 erreichbar",
    "+1 (555) 123-4567",
    "Version 20417.1",
    "Kundennummer 884213",
    "Kunde 104711 hat Auftrag 884213 storniert",
    "Order #884213",
    "order_id: 884213",
    '{"orderId": 884213, "order": {"id": 884214}}',
    "Bestellnr. 884213",
    "Artikel 884213 fehlt",
    "PLZ 80331",
    "UPC: 884213",
    "SKU 884213",
    "upc=884213",
    "$884213",
    "884213 €",
    "884213 EUR",
    "884,213.50",
    "884213 items",
    "884213 Artikel",
    "884213 ms",
    "port 18765",
    "127.0.0.1:18765",
    "a884213f",
    "v884213x",
    "abc-884213",
    "884213-abc",
    "0x884213",
    "#ff8842",
    "884213px",
    "884213/12",
    "KIBO-884213",
    "PR-884213",
    "pid=884213",
    "pid 884213",
    "process 884213",
    "thread-884213",
    "[884213] INFO start",
    "commit 8842134",
    "build #884213",
    "Build 884213",
    "ticket #884213",
    "Ticket-Nr. 884213",
    "invoice 884213",
    "case 00884213",
    "user 884213",
    "user_id=884213",
    "tenant-884213",
    "site 884213",
    "location 884213",
    "store #884213",
    "line 884213",
    "row 884213",
    "offset 884213",
    "884213 rows",
    "884213 KB",
    "884213 bytes",
    "884213%",
    "2026-11-29 093003",
    "tracking 884213123456",
    "ISBN 9783161484100",
    "IMEI 490154203237518",
    "DE89370400440532013000",
    "GET /x 200 884213",
    "exit code 88421",
    "error 88421",
    "HTTP 50321",
    "Chapter 1204",
    "page 1204",
    "1204 of 5000",
    "(c) 2026",
    "room 1204",
    "Raum 1204",
    "Konto 884213",
    "postcode 80331",
    "12345 Berlin",
    "Sprint 1204",
    "job type 12345",
    "jobs: 12",
    "cronjob 28374650",
    "print job 884213",
    "job.batch/kibo-upload-28374650 created",
    "No jobs found. Total 12345 orders",
    "correlation 884213",
    "correlationId: 884213",
    "trace 884213",
    "request id 884213",
    "export settings id 71234",
    "exportSettingsID 71234",
    '{"884213": 3000}',
    "# job 884213\n# job 884214",
    "#884213\n#884214",
    "jobs 884,213 failed",
    '{"jobID": "abc"}',
    '{"jobID": -5}',
    '{"jobID": 8842',
    "jobs 1-20000",
    "884213,abc",
    "884213\n88421O\n884215",
    "Thanks, 884213",
    "job 99999999999999999999999999",
    "job 2026-11-29",
    "Job 09:30",
    "job 10.0.0.1",
    "job v2.14",
    "job 12/11/2026",
    "job 7f3a8842",
    "job 1e5",
    "jobs 50%",
    "job 3/5",
    "job +49 89 1234567",
    "job queue 12345 items",
    "the job took 12345 ms",
    "jobs since 2026-11-29",
    "job started at 09:30:03",
    "job finished in 1834 ms",
    "Job completed: 12000 items",
    "job status 200",
    "job priority 1204",
    "job size: 20417",
    "jobless 20417",
    "jobs.example.com:8443",
    "joborder 20417",
    "884213.csv and 884214.csv",
    "job.log.884213x",
    "help?",
    "what?",
    "jobs 2 days ago",
    "job for tenant 30294",
    "job at location 1707",
    "jobs for store 1707",
    "job by user 20417",
    "job attempt 12345",
    "the 884213rd job",
    '{"job":"nightly","tenantID":30294}',
    '{"jobs": 190}',
    '{"jobCount": 20417, "jobType": 12345}',
    '{"printJobID": 20417}',
    '{"lastJobIDCount": 5}',
    '{"notajobid": 20417}',
    '{"jobIDs": 5.5}',
    "jobID\nnightly\nweekly\n",
    "file,jobs\ninv.csv,190\n",
]

PASTED = [
    ("Hi Bob, jobs 884213 failed, 884214 ok, 884215 pending", [884213, 884214, 884215]),
    ("We saw 884213 fail at 09:30 and 884214 at 09:45", [884213, 884214]),
    ("les jobs 884213 à 884215 sont bloqués", [884213, 884214, 884215]),
    (
        "Hola,\nlos jobs 884213, 884214 y 884219 fallaron anoche (tienda 1707, 29/11/2026 02:14).\nSaludos",
        [884213, 884214, 884219],
    ),
    ("El trabajo 884213 falló: 12.000 artículos, pedido 1002334", [884213]),
    ("jobs del 884213 al 884215", [884213, 884214, 884215]),
    ("Jobs 884213 bis einschließlich 884215 prüfen", [884213, 884214, 884215]),
    ("Kate Miller\n09:33\n884213 is stuck\nTom\n09:35\nyes, 884214 as well", [884213, 884214]),
    (
        "2026-11-29 09:30:03.123 DEBUG 20417 --- [nio-8080-exec-3] o.s.web.client.RestTemplate : Reading to [com.example.Job]\n2026-11-29 09:30:03.125 INFO 20417 --- [nio-8080-exec-3] c.e.Poller : 884213 -> WORKING",
        [884213],
    ),
    ('10.0.0.12 - - [29/Nov/2026:09:30:03 +0000] "GET /app/jobs/884213 HTTP/2.0" 200 512 "-" "Mozilla/5.0"', [884213]),
    (
        '{"remote_addr":"10.0.0.12","request":"GET /api/commerce/inventory/v1/queue/884213 HTTP/1.1","status":200,"body_bytes_sent":512}',
        [884213],
    ),
    ('{"timestamp":1764408603123,"message":"{\\"jobID\\":884213}","ingestionTime":1764408604000}', [884213]),
    ("jobID\titems\n884,213\t2,998\n884,214\t3,012\n", [884213, 884214]),
    ("0412;884213\n0413;884214\n", [884213, 884214]),
    ("884213;0412\n884214;0413\n", [884213, 884214]),
    ("0412\t884213\n0413\t884214", [884213, 884214]),
    ('"0412","884213"\n"0413","884214"', [884213, 884214]),
    ("* **Job**: 884213\n* **Tenant**: 30294\n* **Items**: 12000", [884213]),
    ("select * from job where id = 884213", [884213]),
    (
        "<table>\n<thead><tr><th>jobID</th><th>items</th></tr></thead>\n<tbody><tr><td>884213</td><td>3000</td></tr>\n<tr><td>884214</td><td>3012</td></tr></tbody></table>",
        [884213, 884214],
    ),
    ("<table><tr><th>Store</th><th>Job ID</th></tr><tr><td>0412</td><td>884213</td></tr></table>", [884213]),
    (
        "<table>\n  <tr>\n    <th>Store</th>\n    <th>Job ID</th>\n  </tr>\n  <tr>\n    <td>1707</td>\n    <td>884213</td>\n  </tr>\n</table>",
        [884213],
    ),
    ('<a href="https://admin.example.com/jobs/884213">open</a>', [884213]),
    ("queue/884213", [884213]),
    ("884213/884214", [884213, 884214]),
    ("jobs 884213-15", [884213, 884214, 884215]),
    ("jobs/884213", [884213]),
    ("job/884213", [884213]),
    ("https://host/x/jobs/884213", [884213]),
    ("https://host/x/jobs/884213?tab=log#l12", [884213]),
    ("https://host/x/jobs/884213/messages", [884213]),
    ("see https://host/x/jobs/884213 and https://host/x/jobs/884214", [884213, 884214]),
    ("KIBO_REFRESH_261129173133.zip 884213", [884213]),
    ("inv_0930.csv: 884213", [884213]),
    ("inv_0930.csv;884213;SUCCESS\ninv_0931.csv;884214;FAILED", [884213, 884214]),
    ("884213 inv_0930.csv", [884213]),
    ("jobs 884213, 884214 in store 1707, 884215 in store 1708", [884213, 884214, 884215]),
    ("jobs 884213 in W05, 884214 in W06 and 884215 in W07", [884213, 884214, 884215]),
    ("0412;884213", [884213]),
    ("Jobs 884213: FAILED, 884214: SUCCESS", [884213, 884214]),
    ("jobs 884213=FAILED 884214=SUCCESS", [884213, 884214]),
    ("Jobs: 884213 - FAILED, 884214 - SUCCESS", [884213, 884214]),
    ("Failed jobs:\n884213\t1707\t3012\n884214\t1708\t2998\n", [884213, 884214]),
    ("jobs 884213 at 09:30, 884214 at 09:45", [884213, 884214]),
    ("jobs 884213 from 29.11.2026, 884214 from 30.11.2026", [884213, 884214]),
    ("Jobs 884213 und 884214 für Filiale 1707, 884215 für Filiale 1708", [884213, 884214, 884215]),
    ("les jobs 884213 du magasin 1707, 884214 du magasin 1708 et 884215 du magasin 1709", [884213, 884214, 884215]),
    ("jobs 884213-4", [884213, 884214]),
    ("Job{id=884213, tenant=30294}", [884213]),
    ('job{id="884213"}', [884213]),
    ("GET /v1/jobs/884213/messages?limit=20417 200 1834", [884213]),
    (
        '{"events":[{"logStreamName":"a","timestamp":1764408603123,"message":"created job 884213","ingestionTime":1764408604000,"eventId":"39"}]}',
        [884213],
    ),
    ('{"url":"https://h/api/commerce/inventory/v1/queue/884213"}', [884213]),
    ('{"status":"ok","links":{"self":"/commerce/inventory/v1/queue/884213"}}', [884213]),
    ("Jobs 884.213 bis 884.215", [884213, 884214, 884215]),
    ("W05;884213\nW06;884214", [884213, 884214]),
    ("<p>Jobs:</p><ul><li>884213</li><li>884214</li></ul>", [884213, 884214]),
]
"""Mails in five languages, chats, tickets, logs, spreadsheets, addresses: what was read wrongly of 300 further texts."""

PASTED_WITHOUT_IDS = [
    "job 884 213 failed",
    "jobs 884 213 and 884 214 failed",
    "0412;0413",
    "Hudson job #884213 failed",
    "GitHub Actions job 884213",
    "Commande 884213 expédiée",
    "Pedido 884213 enviado",
    "Facture 884213, client 104711",
    "magasin 884213",
    "tienda 884213",
    "884213 articles",
    "884213 artículos",
    "jobs per day: 12345",
    "jobs processed: 12345",
    "Jobs today: 20417",
    "Job runtime: 12345",
    "job interval: 60000",
    'ETag: "884213"',
    "jobs=12345 errors=12",
    "job 12 345 items",
    "Transaction 884213 OK",
    "Référence client : 884213",
    "N° de commande : 884213",
    "Nº de pedido: 884213",
    "factura n.º 884213",
    "0884213",
]
"""The same: numbers that were taken for jobs, or that are jobs of another program."""

TAKEN |= {f"more:{number}": row for number, row in enumerate(MORE)}
TAKEN |= {f"pasted:{number}": row for number, row in enumerate(PASTED)}

NOTHING = {
    "phone-german": "Rückruf bitte unter 089 1234567 oder +49 176 12345678",
    "phone-us": "call me at 555-123-4567 or (555) 123 4567 or 1-800-555-0199",
    "phone-plain": "Tel.: 01761234567, Fax 1234567",
    "dates": "29.11.2026, 2026-11-29, 11/29/2026, 20261129, Nov 29 2026",
    "timestamps": "2026-11-29T09:30:03.123456Z 1764408603 1764408603123 261129173133",
    "order": "Order 1002334 shipped, order number: 1002335, Bestellung 4500012345, PO 4500012346",
    "invoice": "Rechnung 2026-10042, invoice #20417, Kundennr. 104711",
    "ticket": "INC0047110, KIBO-2041, ticket 20417, case 00123456, SUP-20417, PR #20418",
    "prices": "1299.00 EUR, $1,299.00, 12999 €, EUR 12999, USD 4500",
    "upc": "UPC 0012345678905 and EAN 4006381333931 and GTIN: 04006381333931, SKU 104711",
    "upc-bare": "4006381333931 is missing in the master data",
    "versions": "v2.14.0, 10.0.19045, textual 8.2.8, build 20417",
    "ip": "10.20.30.40:52144, [::1]:8765, port 8080, 192.168.100.200",
    "hex": "0x80070005 deadbeef 7f3a8842 1234abcd",
    "uuid": "7f3a8842-1234-5678-9abc-def012345678, 12345678-1234-1234-1234-123456789012",
    "commit": "fixed in a1b2c3d4 and 1234567890abcdef1234567890abcdef12345678",
    "tenant": "tenantID 30294, siteId: 12345, tenant 4711, Mandant 30294",
    "json-without-job": '{"tenantID": 30294, "siteId": 12345, "itemCount": 3000, "exportSettingsID": 71234}',
    "json-strings": '{"note": "see 884213", "tenantID": 30294}',
    "csv-without-job": "tenantID,itemCount\n30294,3000\n30294,3012\n",
    "upload-csv": "upc,locationCode,quantity\n4006381333931,0412,1200\n4006381333948,0412,1300\n",
    "table-without-job": "LOCATION  ITEMS  TENANT\n0412       2998   30294\n",
    "counts": "190 jobs, 12000 items, 3000 rows, 2998 results",
    "amounts": "12000 items in 2500 ms, 4096 KB, 1500 Zeilen, 20000 Artikel",
    "progress": "job 1 of 3, job 50% done, 2/3 jobs",
    "pids": "pid 20417, PID: 20418, kibo-upload[20419]: started, thread 20420",
    "file-names": "KIBO_REFRESH_261129173133_884213.csv and job_884213.log were written",
    "path": "/data/2026/884213/inv.csv C:\\drop\\884213\\inv.csv",
    "postcode": "Musterstraße 12, 80331 München, HRB 123456, USt-IdNr. DE123456789",
    "zip": "1600 Main Street, Austin, TX 78701",
    "k8s-names": "kibo-upload-28374650-x7x9z 0/1 Completed, cronjob kibo-upload-28374650",
    "line-numbers": 'File "upload.py", line 20417, in main; Main.java:10234; row 20418, Zeile 20419',
    "http": '"GET /health HTTP/1.1" 200 43121',
    "mail-address": "anna.meyer4711@example.com, user12345",
    "percent": "12345% of 100%",
    "small-numbers": "on 23 at 9 with 3 of 12",
    "out-of-range": "job 9223372036854775808",
    "leading-zero": "store 0412, location 00123456",
    "iban": "IBAN DE89 3704 0044 0532 0130 00, BIC COBADEFFXXX",
    "coordinates": "48.137154, 11.576124",
    "cron-job": "CronJob 28374650, cron job 28374651",
    "negative": "job -884213",
    "job-type": "jobType 12345, jobCount: 20417, jobs total: 20418, number of jobs: 20419",
    "words": "nothing here",
}

NOTHING |= {f"more:{text[:40]}": text for text in NOTHING_MORE + PASTED_WITHOUT_IDS}

SYNC = {
    "sync": '{"method":"sync","jobID":null}',
    "sync-spaces": '{ "method" : "sync", "jobID" : null }\n',
    "sync-pretty": '{\n  "method": "sync",\n  "jobID": null\n}\n',
    "sync-curl-i": 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"method":"sync","jobID":null}',
    "sync-twice": '{"method":"sync","jobID":null}\n{"method":"sync","jobID":null}\n',
    "sync-python": "{'method': 'sync', 'jobID': None}",
    "sync-upper": '{"method":"SYNC","jobId":null}',
    "sync-without-id": '{"method":"sync"}',
    "sync-in-log": '2026-11-29 09:30:03 INFO response {"method":"sync","jobID":null} in 1834 ms',
    "sync-powershell": "\r\nmethod jobID\r\n------ -----\r\nsync\r\n\r\n",
    "sync-powershell-list": "\r\nmethod : sync\r\njobID  : \r\n\r\n",
}

NO_JOB = {
    "jq-of-null": "null\n",
    "dry-run": '{"dryRun": true, "itemsDeleted": ["4006381333931"], "jobIDs": []}',
    "empty-list": '{"jobIDs": []}',
    "nothing-deleted": '{"dryRun": false, "itemsDeleted": [], "jobIDs": []}',
    "null": '{"jobID": null}',
    "async-null": '{"method":"async","jobID":null}',
    "empty-array": "[]",
    "empty-object": "{}",
    "export-empty": '{"exportInventoryJobResponses": []}',
    "zero": '{"jobID": 0}',
    "sync-and-dry-run": '{"method":"sync","jobID":null}\n{"jobIDs": []}\n',
}

ERRORS = {
    "platform": (
        '{"message":"Tenant suspended","errorCode":"VALIDATION_CONFLICT","correlationId":"7f3a"}',
        "Tenant suspended", False,
    ),
    "unauthorised": (
        '{"errorCode":"UNAUTHORIZED","message":"Invalid tenant","correlationId":"abc"}',
        "Invalid tenant", True,
    ),
    "token": ('{"message":"Missing, invalid or expired access token","errorCode":"OTHER"}', "access token", True),
    "error-message": ('{"errorMessage":"Location 0412 is not active"}', "Location 0412 is not active", False),
    "oauth": ('{"error":"invalid_client","error_description":"The client is unknown"}', "The client is unknown", True),
    "exception-detail": ('{"exceptionDetail":{"message":"Object reference not set"}}', "Object reference not set", False),
    "items": ('{"items":[{"errorCode":"INVALID_CREDENTIALS","message":"Invalid shared secret"}]}', "Invalid shared secret", True),
    "items-of-messages": ('{"items":[{"message":"Bad row"},{"message":"Bad item"}]}', "Bad row: Bad item", False),
    "items-of-codes": ('{"items":[{"errorCode":"X"}]}', "X", False),
    "items-in-capitals": ('{"Items":[{"ErrorCode":"X","Message":"Bad row"}]}', "Bad row", False),
    "items-with-facts": ('{"dryRun":false,"items":[{"upc":"1","errorCode":"X","message":"The token is invalid"}]}', "The token is invalid", True),
    "items-with-text": ('{"items":[{"upc":"1","errorMessage":"Bad row"}]}', "Bad row", False),
    "items-in-a-log": ('answer: {"items":[{"errorCode":"X","message":"Bad row"}]}', "Bad row", False),
    "success-false": ('{"success":false,"messages":["Job Not Found"],"numResults":0}', "Job Not Found", False),
    "queue-404": ('{"error":"Job Not Found","message":"Job 884213 is not in the queue"}', "Job 884213 is not in the queue", False),
    "spring": (
        '{"timestamp":"2026-11-29T09:30:03.123+00:00","status":404,"error":"Not Found","message":"No handler for 884213","path":"/x"}',
        "No handler for 884213", False,
    ),
    "curl-i-401": (
        'HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n{"message":"who are you","errorCode":"X"}',
        "who are you", True,
    ),
    "curl-i-429": ("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", "429 Too Many Requests", False),
    "curl-v-503": (
        "* Connected to h (10.20.30.40) port 443\n> POST /x HTTP/2\n> \n< HTTP/2 503 \n< content-type: text/html\n< \n<html><h1>Service Unavailable</h1></html>\n",
        "503", False,
    ),
    "html": ("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body></html>", "502 Bad Gateway", False),
    "gateway": ("default backend - 404", "default backend - 404", False),
    "gateway-page": ("404 page not found\n", "404 page not found", False),
    "curl-22": ("curl: (22) The requested URL returned error: 401\n", "The requested URL returned error: 401", True),
    "curl-7": ("curl: (7) Failed to connect to h port 443 after 12 ms: Couldn't connect to server\n", "Failed to connect", False),
    "wrapped": ('{"error":{"code":403,"message":"Forbidden for this application","jobID":null}}', "Forbidden for this application", True),
    "additional": (
        '{"errorCode":"VALIDATION","message":"","additionalErrorData":[{"name":"Reason","value":"12,001 items, 12,000 allowed"}]}',
        "12,001 items, 12,000 allowed", False,
    ),
    "wget": ("  HTTP/1.1 401 Unauthorized\n  Server: x\n", "401 Unauthorized", True),
    "wget-quiet": ("wget: server returned error: HTTP/1.1 403 Forbidden", "403 Forbidden", True),
    "powershell": ("Invoke-RestMethod : The remote server returned an error: (401) Unauthorized.", "(401) Unauthorized", True),
    "requests": ("requests.exceptions.HTTPError: 503 Server Error: Busy for url: https://h/x", "503 Server Error: Busy", False),
    "graphql": ('{"errors":[{"message":"no such call"}],"data":null}', "no such call", False),
    "lambda": ('{"statusCode":500,"body":"{\\"message\\":\\"boom\\"}"}', "boom", False),
    "nested-message": ('{"error":"Internal","message":{"success":false,"messages":["Item 5 is unknown"]}}', "Item 5 is unknown", False),
    "msg": ('{"code":"TokenExpired","msg":"token expired"}', "token expired", True),
    "soap": ("<?xml version='1.0'?><Error><Message>Access denied</Message></Error>", "Access denied", True),
    "problem": ('{"type":"about:blank","title":"Forbidden","status":403,"detail":"not yours"}', "not yours", True),
    "one-word": ("Unauthorized\n", "Unauthorized", True),
    "json-text": ('"Unauthorized"', "Unauthorized", True),
    "pretty": ('{\n  "message": "Too many items: 12001",\n  "errorCode": "VALIDATION_CONFLICT"\n}\n', "Too many items: 12001", False),
}  # fmt: skip

FILES = {
    "inv_0930.csv": "inv_0930.csv",
    "KIBO_REFRESH_*": "KIBO_REFRESH_*",
    "  STORE_INVENTORY_20261129_0930.csv \n": "STORE_INVENTORY_20261129_0930.csv",
    "KIBO_REFRESH_261129173133.zip": "KIBO_REFRESH_261129173133.zip",
    "KIBO_UPDATE_261129173133": "KIBO_UPDATE_261129173133",
    "884213.csv": "884213.csv",
    "*.csv": "*.csv",
    "inv-2026-11-29.CSV": "inv-2026-11-29.CSV",
    "재고.csv": "재고.csv",
    '"inv_0930.csv"': "inv_0930.csv",
    "bestand_übersicht.txt": "bestand_übersicht.txt",
    "inv_????.csv": "inv_????.csv",
    "/data/drop/inv_0930.csv": "inv_0930.csv",
    "C:\\drop\\inv_0930.csv": "inv_0930.csv",
}

NO_FILES = (
    "inv",
    "v2.14.0",
    "10.20.30.40",
    "t4711.sandbox.mozu.com",
    "884213",
    "884213.5",
    "https://h.example/queue/884213",
    "README",
)
