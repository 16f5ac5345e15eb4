"""OFX, QIF, MT940, MT942 and CAMT in the manner of banks that were not met before, and what is no statement at all.

Invented data; what must be read was written down before it was read.
"""

from __future__ import annotations

import re

import pytest

from backend.financial_manager.statements import StatementError, read_statements
from tests.financial_manager.reading import booked, doubts

CAMT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Grp'
    "Hdr><MsgId>1</MsgId><CreDtTm>2026-03-01T00:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><"
    "Acct><Id><IBAN>AT611904300234573201</IBAN></Id><Ccy>EUR</Ccy></Acct><Bal><Tp><CdOrPr"
    'try><Cd>PRCD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDb'
    "tInd><Dt><Dt>2026-02-02</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry>"
    '</Tp><Amt Ccy="EUR">951.10</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-03</Dt></'
    'Dt></Bal><Ntry><Amt Ccy="EUR">48.90</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><'
    "BookgDt><Dt>2026-02-03</Dt></BookgDt><ValDt><Dt>2026-02-03</Dt></ValDt><NtryDtls><Bt"
    "ch><NbOfTxs>2</NbOfTxs></Btch><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><Amt C"
    'cy="EUR">30.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></TxDtls><TxDtls><AmtDtls><TxAmt><Amt'
    ' Ccy="EUR">18.90</Amt></TxAmt></AmtDtls></TxDtls></NtryDtls></Ntry></Stmt><Stmt><Id>'
    "2</Id><Acct><Id><IBAN>AT611904300234573201</IBAN></Id><Ccy>EUR</Ccy></Acct><Bal><Tp>"
    '<CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">951.10</Amt><CdtDbtInd>CRDT<'
    "/CdtDbtInd><Dt><Dt>2026-02-03</Dt></Dt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOr"
    'Prtry></Tp><Amt Ccy="EUR">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-02-10'
    '</Dt></Dt></Bal><Ntry><Amt Ccy="EUR">48.90</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK'
    "</Sts><BookgDt><Dt>2026-02-10</Dt></BookgDt><ValDt><Dt>2026-02-10</Dt></ValDt><RvslI"
    'nd>true</RvslInd></Ntry><Ntry><Amt Ccy="EUR">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><S'
    "ts>BOOK</Sts><BookgDt><Dt>2026-02-10</Dt></BookgDt><ValDt><Dt>2026-02-10</Dt></ValDt"
    "><AddtlNtryInf>Info</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>"
)
"""Two statements with a batch, a line taken back and one of nothing."""

FILES: dict[str, tuple[str, str, list[str]]] = {
    "ofx sgml one line, header without line ends, charset 1252": (
        "OFXHEADER:100DATA:OFXSGMLVERSION:102SECURITY:NONEENCODING:USASCIICHARSET:1252COMPRES"
        "SION:NONEOLDFILEUID:NONENEWFILEUID:NONE<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<S"
        "EVERITY>INFO</STATUS><DTSERVER>20260301<LANGUAGE>FRA</SONRS></SIGNONMSGSRSV1><BANKMS"
        "GSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>EUR"
        "<BANKACCTFROM><BANKID>30003<BRANCHID>1<ACCTID>00050<ACCTTYPE>CHECKING</BANKACCTFROM>"
        "<BANKTRANLIST><DTSTART>20260201<DTEND>20260228<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260"
        "203<TRNAMT>-48,90<FITID>1<NAME>MARCHÉ</STMTTRN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>202"
        "60210<TRNAMT>+1284,00<FITID>2<NAME>SOCIÉTÉ</STMTTRN><STMTTRN><TRNTYPE>DEBIT<DTPOSTED"
        ">20260213<TRNAMT>-630,5<FITID>3<NAME>LOYER</STMTTRN></BANKTRANLIST><LEDGERBAL><BALAM"
        "T>1592,60<DTASOF>20260228</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
        "cp1252",
        ["2026-02-03 -48.90", "2026-02-10 1284.00", "2026-02-13 -630.50"],
    ),
    "ofx sgml of a card with times, zones and entities": (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n"
        "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS>\n"
        "<CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>XXXX1234</CCACCTFROM>\n"
        "<BANKTRANLIST><DTSTART>20260201000000[-5:EST]<DTEND>20260228235959.999[-5:EST]\n"
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260203120000.000[-5:EST]<DTUSER>20260201120000<TR"
        "NAMT>-48.90<FITID>A1<SIC>5411<NAME>MARKS &amp; CO<MEMO></STMTTRN>\n"
        "<STMTTRN><TRNTYPE>PAYMENT<DTPOSTED>20260210235959[-8:PST]<TRNAMT>1284<FITID>A2<NAME>"
        "PAYMENT</STMTTRN>\n"
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260213<TRNAMT>-.5<FITID>A3<NAME>FEE</STMTTRN>\n"
        "</BANKTRANLIST><LEDGERBAL><BALAMT>-12.40<DTASOF>20260228</LEDGERBAL></CCSTMTRS></CCS"
        "TMTTRNRS></CREDITCARDMSGSRSV1>\n</OFX>\n",
        "cp1252",
        ["2026-02-03 -48.90", "2026-02-10 1284.00", "2026-02-13 -0.50"],
    ),
    "ofx 2 with two accounts, one empty, and a savings account": (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NO'
        'NE"?>\n<OFX><BANKMSGSRSV1>\n'
        "<STMTTRNRS><TRNUID>1</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS"
        "><STMTRS><CURDEF>GBP</CURDEF><BANKACCTFROM><BANKID>1</BANKID><ACCTID>11</ACCTID><ACC"
        "TTYPE>CHECKING</ACCTTYPE></BANKACCTFROM><BANKTRANLIST><DTSTART>20260201</DTSTART><DT"
        "END>20260228</DTEND></BANKTRANLIST><LEDGERBAL><BALAMT>10.00</BALAMT><DTASOF>20260228"
        "</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS>\n"
        "<STMTTRNRS><TRNUID>2</TRNUID><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS"
        "><STMTRS><CURDEF>GBP</CURDEF><BANKACCTFROM><BANKID>1</BANKID><ACCTID>12</ACCTID><ACC"
        "TTYPE>SAVINGS</ACCTTYPE></BANKACCTFROM><BANKTRANLIST><DTSTART>20260201</DTSTART><DTE"
        "ND>20260228</DTEND>\n"
        "<STMTTRN><TRNTYPE>INT</TRNTYPE><DTPOSTED>20260227000000.000</DTPOSTED><TRNAMT>3.15</"
        "TRNAMT><FITID>9</FITID><NAME>Interest</NAME></STMTTRN>\n"
        "<STMTTRN><TRNTYPE>XFER</TRNTYPE><DTPOSTED>20260213</DTPOSTED><TRNAMT>-500.00</TRNAMT"
        "><FITID>8</FITID><NAME><![CDATA[To A & B]]></NAME><BANKACCTTO><BANKID>1</BANKID><ACC"
        "TID>11</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTTO></STMTTRN>\n"
        "</BANKTRANLIST><LEDGERBAL><BALAMT>100.00</BALAMT><DTASOF>20260228</DTASOF></LEDGERBA"
        "L></STMTRS></STMTTRNRS>\n</BANKMSGSRSV1></OFX>",
        "utf-8",
        ["2026-02-27 3.15", "2026-02-13 -500.00"],
    ),
    "ofx of a broker: cash lines among trades": (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
        "<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><"
        "INVSTMTRS><DTASOF>20260228<CURDEF>USD<INVACCTFROM><BROKERID>x.com<ACCTID>77</INVACCT"
        "FROM>\n<INVTRANLIST><DTSTART>20260201<DTEND>20260228\n"
        "<BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20260210</INVTRAN><SECID><UNIQUEID>00000"
        "0001<UNIQUEIDTYPE>CUSIP</SECID><UNITS>10<UNITPRICE>25.13<TOTAL>-251.30<SUBACCTSEC>CA"
        "SH<SUBACCTFUND>CASH</INVBUY><BUYTYPE>BUY</BUYSTOCK>\n"
        "<INVBANKTRAN><STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260203<TRNAMT>1000.00<FITID>2<NAME>"
        "ACH IN</STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>\n"
        "<INVBANKTRAN><STMTTRN><TRNTYPE>FEE<DTPOSTED>20260220<TRNAMT>-5.00<FITID>3<NAME>FEE</"
        "STMTTRN><SUBACCTFUND>CASH</INVBANKTRAN>\n"
        "</INVTRANLIST></INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1></OFX>",
        "cp1252",
        ["2026-02-03 1000.00", "2026-02-20 -5.00"],
    ),
    "ofx lower case tags, latin-1 declared, tabs and spaces": (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:UTF-8\nCHARSET:NONE\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<ofx>\n"
        "  <bankmsgsrsv1><stmttrnrs><stmtrs><curdef>BRL\n"
        "  <bankacctfrom><bankid>341<acctid>99<accttype>CHECKING</bankacctfrom>\n"
        "  <banktranlist>\n"
        "\t<stmttrn> <trntype>DEBIT <dtposted>20260203100000[-03:EST] <trnamt>-48.90 <fitid>1 "
        "<checknum>1 <memo>PADARIA SÃO JOÃO </stmttrn>\n"
        "\t<stmttrn> <trntype>CREDIT <dtposted>20260210100000[-03:EST] <trnamt>1284.00 <fitid>"
        "2 <memo>SALÁRIO </stmttrn>\n"
        "  </banktranlist></stmtrs></stmttrnrs></bankmsgsrsv1></ofx>",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-10 1284.00"],
    ),
    "qif card with splits, apostrophe years": (
        "!Type:CCard\nD2/ 3'26\nU-48.90\nT-48.90\nCX\nPMarket\nLFood\n^\nD2/10'26\nU1,284.00\n"
        "T1,284.00\nPPayment\nSFood\nEa\n$1,000.00\nSOther\n$284.00\n^\nD2/27'26\nT-12.00\nPCafe\n^\n",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-10 1284.00", "2026-02-27 -12.00"],
    ),
    "qif with several accounts, lists and D.M.YYYY, decimal commas": (
        "!Option:AutoSwitch\n!Account\nNGiro\nTBank\n^\nNBar\nTCash\n^\n!Clear:AutoSwitch\n!Type:Cat\n"
        "NEssen\nDEssen\nE\n^\n!Account\nNGiro\nTBank\n^\n!Type:Bank\nD3.2.2026\nT-48,90\nPMarkt\n^\n"
        "D10.2.2026\nT1.284,00\nPGehalt\n^\n!Account\nNBar\nTCash\n^\n!Type:Cash\nD13.2.2026\nT-12,00\n"
        "PCafé\n^\n",
        "cp1252",
        ["2026-02-03 -48.90", "2026-02-10 1284.00", "2026-02-13 -12.00"],
    ),
    "qif with D/M of two digits and CRLF, no last ^": (
        "!Type:Bank\r\nD27/02/26\r\nT-48.90\r\nPMarket\r\n^\r\nD13/02/26\r\nT1,284.00\r\nPPay\r\n^\r\n"
        "D03/02/26\r\nT-12.00\r\nMCafe\r\n",
        "utf-8",
        ["2026-02-27 -48.90", "2026-02-13 1284.00", "2026-02-03 -12.00"],
    ),
    "qif Oth L with named months and lower case": (
        "!type:oth l \nD03 Feb 2026\nT-48.90\nPLoan\n^\nD10 Feb 2026\nT-12.00\nPLoan\n^\n",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-10 -12.00"],
    ),
    "mt940 pages with intermediate balances, German fields": (
        ":20:STARTUMS\n:25:20041111/0123456700EUR\n:28C:00007/001\n:60F:C260202EUR1000,00\n"
        ":61:2602030203DR48,90NMSCNONREF//POS\n/OCMT/EUR48,90/\n"
        ":86:005?00LASTSCHRIFT?109310?20SVWZ+MARKT 02.02?21EREF+12\n"
        "?30COBADEFF?31DE89370400440532013000?32MARKT GMBH?34992\n:62M:C260203EUR951,10\n-\n"
        ":20:STARTUMS\n:25:20041111/0123456700EUR\n:28C:00007/002\n:60M:C260203EUR951,10\n"
        ":61:2602100210CR1284,00NTRFNONREF\n:86:166?00GUTSCHRIFT?20GEHALT?32FIRMA\n"
        ":61:2602130213DR630,5NTRFNONREF\n:86:116?00MIETE\n:62F:C260213EUR1604,60\n"
        ":64:C260213EUR1604,60\n-\n",
        "cp1252",
        ["2026-02-03 -48.90", "2026-02-10 1284.00", "2026-02-13 -630.50"],
    ),
    "mt940 RC, RD, ED and funds codes, no end mark, CR only": (
        ":20:STARTUMS\r:25:20041111/0123456700EUR\r:28C:00007/001\r:60F:C260202EUR1000,\r"
        ":61:2602030203RCR100,00NRTINONREF\r:86:?00RETOURE\r:61:260204RDR48,90NRTI\r"
        ":86:LS zurück\r:61:2602050205CB12,00NCHGNONREF//X\r:62F:C260205EUR960,90",
        "cp1252",
        ["2026-02-03 -100.00", "2026-02-04 48.90", "2026-02-05 12.00"],
    ),
    "mt940 of Poland: ~ and ^ fields, N + three letters, ISO-8859-2 names": (
        ":20:ST260203CYC/1\n:25:/PL61109010140000071219812874\n:28C:1\n:60F:C260202PLN1000,00\n"
        ":61:2602030203DN48,90NTRFBR0000001\n:86:020\n:86:020~00VE02\n~20Zakupy\n~21\n~30109\n"
        "~3112345\n~32SKLEP ŻÓŁW\n~33 \n~34020\n:61:2602100210CN1284,00NTRFBR0000002\n"
        ":86:020^00PRZELEW^20Pensja^32FIRMA\n:62F:C260210PLN2235,10\n:64:C260210PLN2235,10\n-",
        "cp1250",
        ["2026-02-03 -48.90", "2026-02-10 1284.00"],
    ),
    "mt940 in SWIFT's blocks, with :13D:, :21:, empty :86: and statement of no lines after": (
        "{1:F01RZBAATWWAXXX0000000000}{2:O9400000260203RZBAATWWXXXX00000000002602030000N}{4:\r"
        "\n:20:X1\r\n:21:NONREF\r\n:25:AT611904300234573201\r\n:28C:34/1\r\n:60F:D260202EUR100,00\r\n"
        ":61:2602030203D48,90FMSCNONREF\r\nsupplement\r\n:86:\r\n:61:2602030203C0,00NMSCNONREF\r\n"
        ":86:Info\r\n:62F:D260203EUR148,90\r\n-}{5:{CHK:0}}\r\n"
        "{1:F01RZBAATWWAXXX0000000000}{2:O940}{4:\r\n:20:X2\r\n:25:AT611904300234573201\r\n"
        ":28C:35/1\r\n:60F:D260203EUR148,90\r\n:62F:D260203EUR148,90\r\n-}",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-03 0.00"],
    ),
    "mt940 of the Netherlands, IBAN with currency, /EREF/ split over lines, year end": (
        ":940:\n:20:940S251231\n:25:NL08INGB0000001234EUR\n:28C:1\n:60F:C251230EUR1000,00\n"
        ":61:2512311231D48,90NTRFEREF//251231000001\n/TRCD/00100/\n"
        ":86:/EREF/E-1//CNTP/NL02ABNA0123456789/ABNANL2A/MARKT///REMI/USTD//INKO\nPEN/\n"
        ":61:2601010102C1284,00NTRFEREF//260101\n:86:/REMI/USTD//LOON/\n:62F:C260102EUR2235,10\n"
        ":86:/SUM/1/1/48,90/1284,00/\n-XXX\n",
        "utf-8",
        ["2025-12-31 -48.90", "2026-01-02 1284.00"],
    ),
    "mt942 with sums and a floor for each side": (
        ":20:M1\n:25:DE89370400440532013000\n:28C:1/1\n:34F:EURD0,00\n:34F:EURC0,00\n"
        ":13D:2602031200+0100\n:61:2602030203D48,90NMSCNONREF\n:86:x\n"
        ":61:2602030203C12,00NMSCNONREF\n:86:y\n:90D:1EUR48,90\n:90C:1EUR12,00\n-\n",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-03 12.00"],
    ),
    "camt.053.001.02 batches, reversals, zero, two statements": (
        CAMT,
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-10 48.90", "2026-02-10 0.00"],
    ),
    "camt.053.001.13 with a prefix and proprietary status": (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ns2:Document xmlns:ns2="urn:iso:std:iso:20022:tech:xsd:camt.053.001.13"><ns2:BkToCs'
        "tmrStmt><ns2:GrpHdr><ns2:MsgId>1</ns2:MsgId><ns2:CreDtTm>2026-03-01T00:00:00</ns2:Cr"
        "eDtTm></ns2:GrpHdr><ns2:Stmt><ns2:Id>1</ns2:Id><ns2:Acct><ns2:Id><ns2:IBAN>AT6119043"
        "00234573201</ns2:IBAN></ns2:Id><ns2:Ccy>EUR</ns2:Ccy></ns2:Acct><ns2:Ntry><ns2:Amt C"
        'cy="EUR">48.9</ns2:Amt><ns2:CdtDbtInd>DBIT</ns2:CdtDbtInd><ns2:Sts><ns2:Cd>BOOK</ns2'
        ":Cd></ns2:Sts><ns2:BookgDt><ns2:Dt>2026-02-03</ns2:Dt></ns2:BookgDt><ns2:ValDt><ns2:"
        "Dt>2026-02-03</ns2:Dt></ns2:ValDt><ns2:NtryDtls><ns2:TxDtls><ns2:RltdPties><ns2:Cdtr"
        "><ns2:Pty><ns2:Nm>Markt</ns2:Nm></ns2:Pty></ns2:Cdtr></ns2:RltdPties></ns2:TxDtls></"
        'ns2:NtryDtls></ns2:Ntry><ns2:Ntry><ns2:Amt Ccy="EUR">1284</ns2:Amt><ns2:CdtDbtInd>CR'
        "DT</ns2:CdtDbtInd><ns2:Sts><ns2:Cd>BOOK</ns2:Cd></ns2:Sts><ns2:BookgDt><ns2:Dt>2026-"
        "02-10</ns2:Dt></ns2:BookgDt><ns2:ValDt><ns2:Dt>2026-02-10</ns2:Dt></ns2:ValDt></ns2:"
        "Ntry></ns2:Stmt></ns2:BkToCstmrStmt></ns2:Document>",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-10 1284.00"],
    ),
    "camt.054.001.04 with times only": (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.04"><BkToCstmrDbtCdtNtf'
        "ctn><GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-01T00:00:00</CreDtTm></GrpHdr><Ntfctn><"
        "Id>1</Id><Acct><Id><IBAN>AT611904300234573201</IBAN></Id><Ccy>EUR</Ccy></Acct><Ntry>"
        '<Amt Ccy="EUR">48.90</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgD'
        "t><DtTm>2026-02-03T23:59:59.999+01:00</DtTm></BookgDt><ValDt><Dt>2026-02-03</Dt></Va"
        "lDt></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>",
        "utf-8",
        ["2026-02-03 -48.90"],
    ),
    "camt.052.001.08 in UTF-16 with what is pending": (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt><'
        "GrpHdr><MsgId>1</MsgId><CreDtTm>2026-03-01T00:00:00</CreDtTm></GrpHdr><Rpt><Id>1</Id"
        "><Acct><Id><IBAN>AT611904300234573201</IBAN></Id><Ccy>EUR</Ccy></Acct><Ntry><Amt Ccy"
        '="EUR">48.90</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>20'
        '26-02-03</Dt></BookgDt><ValDt><Dt>2026-02-03</Dt></ValDt></Ntry><Ntry><Amt Ccy="EUR"'
        ">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts><BookgDt><Dt>2026-02-0"
        "4</Dt></BookgDt><ValDt><Dt>2026-02-04</Dt></ValDt></Ntry></Rpt></BkToCstmrAcctRpt></"
        "Document>",
        "utf-16",
        ["2026-02-03 -48.90", "2026-02-04 -5.00"],
    ),
    "camt.053.001.06 in an envelope with headers": (
        '<?xml version="1.0"?><BizMsgEnvlp xmlns="urn:x"><AppHdr xmlns="urn:iso:std:iso:20022'
        ':tech:xsd:head.001.001.02"><BizMsgIdr>1</BizMsgIdr></AppHdr><Document xmlns="urn:iso'
        ':std:iso:20022:tech:xsd:camt.053.001.06"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId><Cre'
        "DtTm>2026-03-01T00:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>AT6119043"
        '00234573201</IBAN></Id><Ccy>EUR</Ccy></Acct><Ntry><Amt Ccy="EUR">48.90</Amt><CdtDbtI'
        "nd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-02-03</Dt></BookgDt><Va"
        'lDt><Dt>2026-02-03</Dt></ValDt></Ntry><Ntry><Amt Ccy="JPY">700</Amt><CdtDbtInd>CRDT<'
        "/CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-02-10</Dt></BookgDt><ValDt><Dt>"
        "2026-02-10</Dt></ValDt></Ntry></Stmt></BkToCstmrStmt></Document></BizMsgEnvlp>",
        "utf-8",
        ["2026-02-03 -48.90", "2026-02-10 700"],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_statement_of_a_standard_is_read_exactly(name: str) -> None:
    text, encoding, expected = FILES[name]
    assert sorted(booked(text.encode(encoding))) == sorted(expected)
    for one in read_statements(text.encode(encoding)).statements:
        assert one.proof is None or one.proof.holds


_MALFORMED: dict[str, str | bytes] = {
    "empty": (""),
    "blank lines": ("\r\n \r\n\r\n"),
    "login page": (
        "<!DOCTYPE html><html><head><title>Log in</title></head><body><form action='/login'><"
        "input name='user'><input type='password'></form><p>Your session has expired on 03.02"
        ".2026.</p></body></html>"
    ),
    "csv cut in the middle of a row": (
        "Datum;Text;Betrag;Saldo\n03.02.2026;Markt;-48,90;951,10\n10.02.2026;Gehalt;1.284,00;2.235,10\n13.02.2026;Mie"
    ),
    "csv cut in the middle of a quote": ('"Datum";"Text";"Betrag"\n"03.02.2026";"Markt";"-48,90"\n"10.02.2026";"Geh'),
    "camt cut": CAMT[: CAMT.rindex("<BookgDt>") + len("<BookgDt><Dt>2026-02-")],
    "ofx cut": (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n"
        "<CREDITCARDMSGSRSV1><CCSTMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS>\n"
        "<CCSTMTRS><CURDEF>USD<CCACCTFROM><ACCTID>XXXX1234</CCACCTFROM>\n"
        "<BANKTRANLIST><DTSTART>20260201000000[-5:EST]<DTEND>20260228235959.999[-5:EST]\n"
        "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260203120000.000[-5:EST]<DTUSER>20260201120000<TR"
        "NAMT>-48.90<FITID>A1<SIC>5411<NAME>MARKS &amp; CO<MEMO></STMTTRN>\n"
        "<STMTTRN><TRNTYPE>PAYMENT<DTPOSTED>20260210235959[-8:PST]<TRNAMT>1284<FITID>A2<NAME>"
        "PAYMENT</STMTTRN>\n<ST"
    ),
    "mt940 cut inside of a line": (
        ":20:STARTUMS\n:25:20041111/0123456700EUR\n:28C:00007/001\n:60F:C260202EUR1000,00\n"
        ":61:2602030203DR48,90NMSCNONREF\n:86:x\n:61:26021"
    ),
    "qif cut": ("!Type:Bank\nD27/02/26\nT-48.90\n^\nD13/02/26\n"),
    "pdf": ("%PDF-1.7\n..."),
    "mt940 with a balance that is none": (
        ":20:STARTUMS\n:25:20041111/0123456700EUR\n:28C:00007/001\n:60F:X260202EUR1000,00\n"
        ":61:2602030203DR48,90NMSCNONREF\n:62F:C260203EUR951,10\n"
    ),
    "json error": ('{"error":"unauthorized","status":401}'),
    "json cut": ('[{"date":"2026-02-03","amount":-48.9},{"date":"2026-02-1'),
    "xml error": ('<?xml version="1.0"?><error><code>500</code><message>Internal</message></error>'),
    "csv with a day that is none": ("Datum;Text;Betrag\n30.02.2026;a;-1,00\n03.02.2026;b;-2,00\n"),
    "csv with an amount damaged": ("Datum;Text;Betrag\n13.02.2026;a;-1,0x0\n03.02.2026;b;-2,00\n"),
    "csv, damaged Thai year": ("Date,Text,Amount\n2026-02-03,a,-1.00\n2526-02-04,b,-2.00\n"),
    "word document": (
        "PK\x03\x04xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    ),
    "fixed width Norma 43": (
        "1100490049004900492602012602282000000001000009783AAAAAAAAAAAAAAAAAAAAAAAAAA\n"
        "22    0049260203260203120391000000000048900000000000\n"
        "33000000000000000000000000000000000000000000000000000000000000\n"
        "88999999999999999999000003\n"
    ),
    "binary noise": bytes((n * 7919 + n // 3) % 256 for n in range(4000)),
}


@pytest.mark.parametrize("name", _MALFORMED)
def test_what_is_no_statement_is_refused_in_words(name: str) -> None:
    data = _MALFORMED[name]
    with pytest.raises(StatementError) as caught:
        read_statements(data if isinstance(data, bytes) else data.encode())
    assert caught.value.problem.startswith("The file")
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["mt940 pages", "camt.053.001.02"])
def test_balances_that_do_not_follow_are_told(name: str) -> None:
    """The bank's own closing balance, changed in one digit, proves the statement wrong."""
    text = next(one[0] for title, one in FILES.items() if title.startswith(name))
    damaged = re.sub("1604,60|951[.]10", "900,00" if name.startswith("mt940") else "900.00", text)
    proofs = [one.proof for one in read_statements(damaged.encode()).statements]
    assert any(proof is not None and not proof.holds for proof in proofs)


def test_what_is_odd_about_a_booking_is_said() -> None:
    told = {title: doubts(read_statements(text.encode(encoding))) for title, (text, encoding, _) in FILES.items()}
    assert {title for title, codes in told.items() if "reversal" in codes} == {
        "mt940 RC, RD, ED and funds codes, no end mark, CR only",
        "camt.053.001.02 batches, reversals, zero, two statements",
    }
    assert "not_booked" in told["camt.052.001.08 in UTF-16 with what is pending"]
    assert "trades" in told["ofx of a broker: cash lines among trades"]
