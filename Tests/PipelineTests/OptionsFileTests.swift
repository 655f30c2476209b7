import Pipeline
import Testing

@Suite struct OptionsFileTests {
    private func read(_ text: String) throws -> [OptionsFile.Entry] { try OptionsFile(text, name: "options.py").entries }

    private func complaint(_ text: String) -> String {
        do {
            _ = try read(text)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func kindsOfValues() throws {
        let entries = try read("""
            # settings of a microscope
            {
            'do_prep' : True, "do_proc": False,   # both
            'prep__importmovies__angpix' : 0.885,
            'prep__do_at_most':50, 'a' : -1.5e-3, 'b' : None,
            'prep__importmovies__fn_in_raw' : 'Movies/*.tiff',

            'quoted' : 'it\\'s # no comment', 'joined' : 'one' " two",
            }
            """)
        #expect(entries.map(\.key) == ["do_prep", "do_proc", "prep__importmovies__angpix", "prep__do_at_most", "a", "b",
                                       "prep__importmovies__fn_in_raw", "quoted", "joined"])
        #expect(entries.map(\.value) == [.flag(true), .flag(false), .number("0.885"), .number("50"), .number("-1.5e-3"), .none,
                                         .text("Movies/*.tiff"), .text("it's # no comment"), .text("one two")])
        #expect(entries[2].place == "options.py:4")
        #expect(entries[8].place == "options.py:8")
    }

    @Test func formsThatPythonAccepts() throws {
        #expect(try read("{}").isEmpty)
        #expect(try read("\r\n{'a' : '1'}\r\n").map(\.value) == [.text("1")])
        #expect(try read("{'a' : '''two\nlines''', r'b' : r'\\d'}").map(\.value) == [.text("two\nlines"), .text("\\d")])
        #expect(try read("{'ä' : 'µ'}").map(\.key) == ["ä"])
    }

    @Test func faultsNameTheirLine() {
        #expect(complaint("{'a' : 1\n'b' : 2}").hasPrefix("options.py:2  \"'b' : 2}\": expected , or } after the value of 'a'"))
        #expect(complaint("{\n'a' : true}").contains("options.py:2  \"true}\" as the value of 'a'"))
        #expect(complaint("{\n'a' : true}").hasSuffix("Write True."))
        #expect(complaint("{'a' : 'x\n}").hasPrefix("options.py:1  a text without closing quote"))
        #expect(complaint("{'a' , 1}").contains("expected : after 'a'"))
        #expect(complaint("{'a' : 1, ").contains("the end of the file"))
        #expect(complaint("").contains("the end of the file"))
        #expect(complaint("{'a' : 1} x").contains("expected nothing after }"))
        #expect(complaint("do_prep = True").contains("expected {"))
    }

    @Test func nothingIsExecuted() {
        #expect(complaint("{'a' : __import__('os').system('touch x')}").contains("expected a text in quotes"))
        #expect(complaint("{'a' : [1, 2]}").contains("as the value of 'a'"))
    }
}
